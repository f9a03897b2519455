package main

import "bytes"

const (
	magicRecord = 0x4d534c48
	magicFile   = 0x4d534648
	magicOuter  = 0x4d534c46
	maxHeader   = 4096
	metaBytes   = 32 + 384 + 16
)

const (
	stanzaUmbral     = 1
	stanzaAuthor     = 2
	stanzaInbox      = 3
	stanzaX25519     = 4
	stanzaPassphrase = 5
)

type stanza struct {
	kind  byte
	bytes []byte
}

type header struct {
	record        bool
	raw           []byte
	payloadSalt   []byte
	metadata      []byte
	stanzas       []stanza
	payloadDigest []byte
	payloadSize   uint64
}

// takeHeader splits a sealed file into header and payload (section 8).
func takeHeader(file []byte) (rawHeader, payload []byte, err error) {
	r := &reader{rest: file}
	r.is(magicOuter, 4, "magic")
	r.is(1, 1, "version")
	raw := r.bytes(maxHeader, "header")
	return raw, r.rest, r.err
}

func parseHeader(raw []byte) (*header, error) {
	r := &reader{rest: raw}
	h := &header{raw: raw}
	switch r.number(4, "magic") {
	case magicRecord:
		h.record = true
		parseRecord(h, r)
	case magicFile:
		parseFile(h, r)
	default:
		r.fail("magic is unknown")
	}
	r.fixed(32, "mac")
	return h, r.end()
}

// Section 5.
func parseFile(h *header, r *reader) {
	r.is(1, 1, "version")
	r.is(1, 1, "suite")
	h.payloadSalt = r.fixed(32, "payload salt")
	h.metadata = r.fixed(metaBytes, "metadata")
	h.stanzas = parseStanzas(r, map[byte]int{stanzaX25519: 80, stanzaPassphrase: 81})
	if r.err != nil {
		return
	}
	for _, s := range h.stanzas {
		if s.kind == stanzaPassphrase {
			if len(h.stanzas) != 1 {
				r.fail("a passphrase stands alone")
			}
			if logN := s.bytes[0]; logN < 14 || logN > 18 {
				r.fail("log N is out of bounds")
			}
		}
	}
	if len(h.stanzas) > 16 {
		r.fail("too many stanzas")
	}
}

// Section 4.
func parseRecord(h *header, r *reader) {
	r.is(1, 1, "version")
	r.is(1, 1, "suite")
	r.fixed(32, "domain")
	owner := r.fixed(20, "owner")
	author := r.fixed(20, "author")
	compartment := r.fixed(32, "compartment")
	epoch := r.number(4, "epoch")
	if level := r.number(1, "level"); level < 1 || level > 3 {
		r.fail("level")
	}
	h.payloadDigest = r.fixed(32, "payload digest")
	r.fixed(32, "salt")
	h.payloadSalt = r.fixed(32, "payload salt")
	h.payloadSize = r.number(6, "payload size")
	r.text(1024, "locator")
	ticket := r.bytes(1024, "ticket")
	h.metadata = r.fixed(metaBytes, "metadata")
	h.stanzas = parseStanzas(r, map[byte]int{stanzaUmbral: 242, stanzaAuthor: 147, stanzaInbox: 147})
	if r.err != nil {
		return
	}
	var kinds []byte
	for _, s := range h.stanzas {
		kinds = append(kinds, s.kind)
	}
	has := len(ticket) > 0
	switch {
	case bytes.Equal(kinds, []byte{stanzaUmbral}):
		if !has && !bytes.Equal(owner, author) {
			r.fail("ticket is missing")
		}
	case bytes.Equal(kinds, []byte{stanzaUmbral, stanzaAuthor}):
		if !has {
			r.fail("ticket is missing")
		}
	case bytes.Equal(kinds, []byte{stanzaInbox}):
		if has || epoch != 0 || !bytes.Equal(compartment, make([]byte, 32)) {
			r.fail("not an inbox")
		}
	default:
		r.fail("stanzas may not stand together")
	}
}

func parseStanzas(r *reader, lengths map[byte]int) []stanza {
	count := int(r.number(1, "number of stanzas"))
	if count == 0 {
		r.fail("no stanza")
	}
	var stanzas []stanza
	for range count {
		kind := byte(r.number(1, "stanza type"))
		length, known := lengths[kind]
		if !known {
			r.fail("stanza type %d", kind)
			return nil
		}
		b := r.bytes(uint64(length), "stanza")
		if len(b) != length {
			r.fail("stanza is cut short")
			return nil
		}
		stanzas = append(stanzas, stanza{kind, b})
	}
	return stanzas
}
