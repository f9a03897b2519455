// A second reader of the sealed format, written from docs/format.md with Go's standard library alone. It opens every
// vector in a folder and says where it disagrees with what the vector expects. Given a JSON file, it does the same with
// the lists of records in it, from docs/protocol.md.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: verify folder | record-lists.json")
		os.Exit(2)
	}
	if strings.HasSuffix(os.Args[1], ".json") {
		verifyLists(os.Args[1])
		return
	}
	paths, err := filepath.Glob(filepath.Join(os.Args[1], "[a-z]*"))
	if err != nil || len(paths) == 0 {
		fmt.Fprintln(os.Stderr, "no vectors there")
		os.Exit(2)
	}
	wrong := 0
	for _, path := range paths {
		if err := check(path); err != nil {
			wrong++
			fmt.Printf("%s: %v\n", filepath.Base(path), err)
		}
	}
	fmt.Printf("%d vectors, %d disagree\n", len(paths), wrong)
	if wrong > 0 {
		os.Exit(1)
	}
}

func verifyLists(path string) {
	text, err := os.ReadFile(path)
	if err == nil {
		var count int
		var wrong []string
		if count, wrong, err = checkLists(text); err == nil {
			for _, line := range wrong {
				fmt.Println(line)
			}
			fmt.Printf("%d vectors, %d disagree\n", count, len(wrong))
			if len(wrong) > 0 {
				os.Exit(1)
			}
			return
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}

func check(path string) error {
	all, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, file, found := bytes.Cut(all, []byte("\n\n"))
	if !found {
		return errors.New("no empty line")
	}
	fields := map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		name, value, _ := strings.Cut(line, ": ")
		fields[name] = value
	}
	k, err := keyOf(fields)
	if err != nil {
		return err
	}
	var content []byte
	o, err := open(file, k, func(chunk []byte) { content = append(content, chunk...) })
	got := "success"
	var f failure
	if errors.As(err, &f) {
		got = f.kind
	} else if err != nil {
		return err
	}
	if got != fields["expect"] {
		return fmt.Errorf("ended in %s (%v), not %s", got, err, fields["expect"])
	}
	if got == "success" {
		return checkContent(fields, o, content)
	}
	if got != "payload" && len(content) > 0 {
		return errors.New("handed out content before it refused")
	}
	return nil
}

func checkContent(fields map[string]string, o *opened, content []byte) error {
	sum := sha256.Sum256(content)
	facts := map[string]string{
		"content-sha256": hex.EncodeToString(sum[:]),
		"content-size":   fmt.Sprint(len(content)),
		"media-type":     o.mediaType,
		"measured-at":    fmt.Sprint(o.measuredAt),
	}
	for name, fact := range facts {
		if fields[name] != fact {
			return fmt.Errorf("%s is %s, not %s", name, fact, fields[name])
		}
	}
	return nil
}

func keyOf(fields map[string]string) (k key, err error) {
	if passphrase, found := fields["passphrase"]; found {
		k.passphrase = &passphrase
	}
	if k.x25519, err = hexOf(fields["x25519-secret"]); err != nil {
		return k, err
	}
	k.dataKey, err = hexOf(fields["data-key"])
	return k, err
}

func hexOf(text string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	return hex.DecodeString(text)
}
