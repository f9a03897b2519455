package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	cosignature "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// cosign answers a request of C2SP tlog-witness, and prints the checkpoint with its cosignature.
func cosign(requestPath, oldPath, logKey, secretKey string) error {
	request, err := os.ReadFile(requestPath)
	if err != nil {
		return err
	}
	head, signed, found := bytes.Cut(request, []byte("\n\n"))
	if !found {
		return errors.New("the request has no empty line")
	}
	oldSize, proof, err := parseHead(string(head))
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(signed, logKey, nil)
	if err != nil {
		return err
	}
	if err := checkOld(oldPath, logKey, oldSize, tree, proof); err != nil {
		return err
	}
	verifier, err := note.NewVerifier(logKey)
	if err != nil {
		return err
	}
	signer, err := cosignature.NewSignerForCosignatureV1(secretKey)
	if err != nil {
		return err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return err
	}
	cosigned, err := note.Sign(opened, signer)
	if err != nil {
		return err
	}
	fmt.Print(string(cosigned))
	return nil
}

func parseHead(head string) (int64, tlog.TreeProof, error) {
	lines := strings.Split(head, "\n")
	decimal, found := strings.CutPrefix(lines[0], "old ")
	if !found {
		return 0, nil, errors.New("the request has no old size")
	}
	size, err := strconv.ParseInt(decimal, 10, 64)
	if err != nil {
		return 0, nil, err
	}
	var proof tlog.TreeProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return 0, nil, err
		}
		proof = append(proof, hash)
	}
	return size, proof, nil
}

func checkOld(oldPath, logKey string, oldSize int64, tree tlog.Tree, proof tlog.TreeProof) error {
	if oldPath == "-" {
		if oldSize != 0 || len(proof) != 0 {
			return errors.New("the request begins elsewhere")
		}
		return nil
	}
	signed, err := os.ReadFile(oldPath)
	if err != nil {
		return err
	}
	old, err := openCheckpoint(signed, logKey, nil)
	if err != nil {
		return err
	}
	if old.N != oldSize {
		return errors.New("the request begins elsewhere")
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
}
