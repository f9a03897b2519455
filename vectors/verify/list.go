package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

const mostListed = 1000

// hexBytes are bytes in hexadecimal with 0x.
type hexBytes []byte

func (b *hexBytes) UnmarshalJSON(text []byte) (err error) {
	var value *string
	if err = json.Unmarshal(text, &value); err != nil || value == nil {
		return err
	}
	digits, found := strings.CutPrefix(*value, "0x")
	if !found {
		return errors.New("no 0x")
	}
	*b, err = hex.DecodeString(digits)
	return err
}

// Records of a list and the salt of its leaves, from docs/protocol.md, "What readers make of the log".
type recordList struct {
	salt    []byte
	records [][]byte
}

type listVectors struct {
	Lists []struct {
		Name               string
		Salt, Bytes, Scope hexBytes
		Records            []hexBytes
	}
	Numbered []struct {
		Name        string
		Salt, Scope hexBytes
		Count       int64
	}
	Malformed []struct {
		Name  string
		Bytes hexBytes
	}
	Answers []answerVector
}

type answerVector struct {
	Name, Answer         string
	Patient, Scope, List hexBytes
	NewData              bool
	Index                int
	Record               struct {
		ID, Owner, Compartment hexBytes
		Index                  int
	}
}

func parseList(from []byte) (recordList, error) {
	r := &reader{rest: from}
	r.is(1, 1, "version")
	list := recordList{salt: r.fixed(32, "salt")}
	count := r.number(2, "number of records")
	if count < 1 || count > mostListed {
		r.fail("number of records is out of range")
	}
	for i := uint64(0); i < count && r.err == nil; i++ {
		record := r.fixed(32, "record")
		if i > 0 && bytes.Compare(list.records[i-1], record) >= 0 {
			r.fail("records do not ascend")
		}
		list.records = append(list.records, record)
	}
	return list, r.end()
}

func (l recordList) leaves() [][]byte {
	leaves := make([][]byte, len(l.records))
	for i, record := range l.records {
		leaves[i] = append(append([]byte{}, l.salt...), record...)
	}
	return leaves
}

// RFC 9162, section 2.1.1.
func treeHash(leaves [][]byte) []byte {
	if len(leaves) == 1 {
		sum := sha256.Sum256(append([]byte{0}, leaves[0]...))
		return sum[:]
	}
	half := 1
	for half*2 < len(leaves) {
		half *= 2
	}
	node := append([]byte{1}, treeHash(leaves[:half])...)
	sum := sha256.Sum256(append(node, treeHash(leaves[half:])...))
	return sum[:]
}

// What the scope of a grant says of a record.
func (v answerVector) decide() string {
	if !bytes.Equal(v.Record.Owner, v.Patient) || (!v.NewData && v.Record.Index > v.Index) {
		return "outside"
	}
	if bytes.Equal(v.Scope, v.Record.Compartment) {
		return "inside"
	}
	list, err := parseList(v.List)
	if err != nil || !bytes.Equal(treeHash(list.leaves()), v.Scope) {
		return "unknown"
	}
	for _, record := range list.records {
		if bytes.Equal(record, v.Record.ID) {
			return "inside"
		}
	}
	return "outside"
}

// checkLists gives the number of vectors, and what it has to say against them by name.
func checkLists(text []byte) (count int, wrong []string, err error) {
	var v listVectors
	if err := json.Unmarshal(text, &v); err != nil {
		return 0, nil, err
	}
	disagree := func(name, format string, args ...any) {
		wrong = append(wrong, name+": "+fmt.Sprintf(format, args...))
	}
	for _, one := range v.Lists {
		list, err := parseList(one.Bytes)
		if err != nil {
			disagree(one.Name, "%v", err)
			continue
		}
		same := len(list.records) == len(one.Records) && bytes.Equal(list.salt, one.Salt)
		for i := 0; same && i < len(list.records); i++ {
			same = bytes.Equal(list.records[i], one.Records[i])
		}
		if !same {
			disagree(one.Name, "other records or another salt")
		}
		if scope := treeHash(list.leaves()); !bytes.Equal(scope, one.Scope) {
			disagree(one.Name, "the scope is %x", scope)
		}
	}
	for _, one := range v.Numbered {
		list := recordList{salt: one.Salt}
		for i := int64(0); i < one.Count; i++ {
			list.records = append(list.records, big.NewInt(i).FillBytes(make([]byte, 32)))
		}
		if scope := treeHash(list.leaves()); !bytes.Equal(scope, one.Scope) {
			disagree(one.Name, "the scope is %x", scope)
		}
	}
	for _, one := range v.Malformed {
		if _, err := parseList(one.Bytes); err == nil {
			disagree(one.Name, "it is a list")
		}
	}
	for _, one := range v.Answers {
		if answer := one.decide(); answer != one.Answer {
			disagree(one.Name, "it is %s, not %s", answer, one.Answer)
		}
	}
	return len(v.Lists) + len(v.Numbered) + len(v.Malformed) + len(v.Answers), wrong, nil
}
