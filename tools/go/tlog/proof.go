package main

import (
	"fmt"
	"os"

	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/tlog"
)

// checkProof checks a C2SP tlog-proof that carries the entry itself in its line "extra".
func checkProof(path, logKey string, witnessKeys []string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var parsed proof.TLogProof
	if err := parsed.Unmarshal(data); err != nil {
		return err
	}
	tree, err := openCheckpoint(parsed.Checkpoint, logKey, witnessKeys)
	if err != nil {
		return err
	}
	var siblings tlog.RecordProof
	for _, hash := range parsed.Hashes {
		siblings = append(siblings, tlog.Hash(hash))
	}
	index := int64(parsed.Index)
	if err := tlog.CheckRecord(siblings, tree.N, tree.Hash, index, tlog.RecordHash(parsed.ExtraData)); err != nil {
		return err
	}
	fmt.Printf("entry %d of %d, %d bytes, %d cosignatures\n", index, tree.N, len(parsed.ExtraData), len(witnessKeys))
	return nil
}
