// An outsider's check of a medseal log, by Go's and transparency-dev's packages for transparency logs: this program
// only reads files and prints what they say. See docs/transparency.md.
package main

import (
	"errors"
	"fmt"
	"os"

	formats "github.com/transparency-dev/formats/log"
	cosignature "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const usage = `usage:
  tlog log folder log-key [witness-key...]     check a published log, all of it
  tlog proof file log-key [witness-key...]     check a proof
  tlog cosign request old-checkpoint log-key witness-secret-key
                                               answer as a witness; old-checkpoint is - for none`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) >= 3 && args[0] == "log":
		return checkLog(args[1], args[2], args[3:])
	case len(args) >= 3 && args[0] == "proof":
		return checkProof(args[1], args[2], args[3:])
	case len(args) == 5 && args[0] == "cosign":
		return cosign(args[1], args[2], args[3], args[4])
	}
	return errors.New(usage)
}

// openCheckpoint verifies the signature of the log, and those of all the given witnesses.
func openCheckpoint(signed []byte, logKey string, witnessKeys []string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(logKey)
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("key of the log: %w", err)
	}
	var witnesses []note.Verifier
	for _, key := range witnessKeys {
		witness, err := cosignature.NewVerifierForCosignatureV1(key)
		if err != nil {
			return tlog.Tree{}, fmt.Errorf("key of a witness: %w", err)
		}
		witnesses = append(witnesses, witness)
	}
	checkpoint, rest, opened, err := formats.ParseCheckpoint(signed, verifier.Name(), verifier, witnesses...)
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("checkpoint: %w", err)
	}
	if len(rest) != 0 {
		return tlog.Tree{}, errors.New("checkpoint: it has further lines")
	}
	if len(opened.Sigs) != 1+len(witnesses) {
		return tlog.Tree{}, fmt.Errorf("checkpoint: %d of %d signatures", len(opened.Sigs), 1+len(witnesses))
	}
	tree := tlog.Tree{N: int64(checkpoint.Size)}
	if copy(tree.Hash[:], checkpoint.Hash) != tlog.HashSize {
		return tlog.Tree{}, errors.New("checkpoint: the root has another length")
	}
	return tree, nil
}
