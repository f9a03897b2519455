package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
)

// tiles reads tiles where C2SP tlog-tiles puts them: as Go does, but without the height in the path.
type tiles struct {
	folder string
	read   map[string][]byte
}

func (t tiles) Height() int { return height }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		if t.read[path] == nil {
			data, err := os.ReadFile(filepath.Join(t.folder, filepath.FromSlash(path)))
			if err != nil {
				return nil, err
			}
			t.read[path] = data
		}
		all = append(all, t.read[path])
	}
	return all, nil
}

// checkLog checks signatures, that every entry is included, and that some sizes of the log continue each other.
func checkLog(folder, logKey string, witnessKeys []string) error {
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(signed, logKey, witnessKeys)
	if err != nil {
		return err
	}
	hashes := tlog.TileHashReader(tree, tiles{folder, map[string][]byte{}})
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return fmt.Errorf("tiles: %w", err)
	}
	if root != tree.Hash {
		return fmt.Errorf("tiles: their root is %v, that of the checkpoint %v", root, tree.Hash)
	}
	if err := checkEntries(folder, tree, hashes); err != nil {
		return err
	}
	pairs, err := checkConsistency(tree, hashes)
	if err != nil {
		return err
	}
	fmt.Printf("%d entries, %d pairs of sizes, %d cosignatures\n", tree.N, pairs, len(witnessKeys))
	return nil
}

func checkEntries(folder string, tree tlog.Tree, hashes tlog.HashReader) error {
	for start := int64(0); start < tree.N; start += width {
		count := min(width, tree.N-start)
		bundle := tlog.Tile{H: height, L: -1, N: start / width, W: int(count)}
		path := strings.Replace(bundle.Path(), "tile/8/data/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(path)))
		if err != nil {
			return err
		}
		entries, err := splitBundle(data)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if int64(len(entries)) != count {
			return fmt.Errorf("%s: %d entries instead of %d", path, len(entries), count)
		}
		for i, entry := range entries {
			index := start + int64(i)
			proof, err := tlog.ProveRecord(tree.N, index, hashes)
			if err != nil {
				return fmt.Errorf("entry %d: %w", index, err)
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
				return fmt.Errorf("entry %d: %w", index, err)
			}
		}
	}
	return nil
}

func splitBundle(data []byte) ([][]byte, error) {
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, errors.New("it is cut short")
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	return entries, nil
}

func checkConsistency(tree tlog.Tree, hashes tlog.HashReader) (int, error) {
	sizes := []int64{1, 2, 3, 64, 100, 255, 256, 257, 511, 512, 513, tree.N - 1, tree.N}
	pairs := 0
	for _, older := range sizes {
		for _, newer := range sizes {
			if older < 1 || older > newer || newer > tree.N {
				continue
			}
			olderRoot, err1 := tlog.TreeHash(older, hashes)
			newerRoot, err2 := tlog.TreeHash(newer, hashes)
			proof, err3 := tlog.ProveTree(newer, older, hashes)
			if err := errors.Join(err1, err2, err3); err != nil {
				return 0, fmt.Errorf("sizes %d and %d: %w", older, newer, err)
			}
			if err := tlog.CheckTree(proof, newer, newerRoot, older, olderRoot); err != nil {
				return 0, fmt.Errorf("sizes %d and %d: %w", older, newer, err)
			}
			pairs++
		}
	}
	return pairs, nil
}
