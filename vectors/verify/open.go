package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"regexp"
)

type key struct {
	passphrase *string
	x25519     []byte
	dataKey    []byte
}

type opened struct {
	mediaType  string
	measuredAt uint64
}

const chunkBytes = 65536

var mediaTypes = regexp.MustCompile(`^[A-Za-z0-9_!#$&^.+-]+/[A-Za-z0-9_!#$&^.+-]+(;[ -~]*)?$`)

func tag(text string) []byte {
	word := make([]byte, 32)
	copy(word, text)
	return word
}

func derive(secret []byte, label string, salt, info []byte) []byte {
	out, err := hkdf.Key(sha256.New, secret, salt, string(tag(label))+string(info), 32)
	if err != nil {
		panic(err)
	}
	return out
}

func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}

func openOnce(key, sealed []byte) ([]byte, error) {
	return gcm(key).Open(nil, make([]byte, 12), sealed, nil)
}

// open reads a sealed file (section 10). What it hands to emit is authentic.
func open(file []byte, k key, emit func([]byte)) (*opened, error) {
	raw, payload, err := takeHeader(file)
	if err != nil {
		return nil, err
	}
	h, err := parseHeader(raw)
	if err != nil {
		return nil, err
	}
	dataKey := findDataKey(h, k)
	if dataKey == nil || !authentic(h, dataKey) {
		return nil, errRefused
	}
	if h.record {
		return openRecord(h, dataKey, payload, emit)
	}
	return openPlain(h, dataKey, payload, emit)
}

func authentic(h *header, dataKey []byte) bool {
	label := "medseal file header mac v1"
	if h.record {
		label = "medseal header mac v1"
	}
	end := len(h.raw) - 32
	mac := hmac.New(sha256.New, derive(dataKey, label, nil, nil))
	mac.Write(h.raw[:end])
	return hmac.Equal(mac.Sum(nil), h.raw[end:])
}

// Section 6.
func findDataKey(h *header, k key) []byte {
	if k.dataKey != nil {
		return k.dataKey
	}
	if h.record {
		return nil
	}
	context := append(tag("medseal file stanza v1"), h.payloadSalt...)
	for _, s := range h.stanzas {
		var dataKey []byte
		switch {
		case s.kind == stanzaX25519 && k.x25519 != nil:
			dataKey = openX25519(s.bytes, k.x25519, context)
		case s.kind == stanzaPassphrase && k.passphrase != nil:
			dataKey = openPassphrase(s.bytes, *k.passphrase, context)
		}
		if dataKey != nil {
			return dataKey
		}
	}
	return nil
}

func openX25519(s, secret, context []byte) []byte {
	own, err := ecdh.X25519().NewPrivateKey(secret)
	if err != nil {
		return nil
	}
	ephemeral, err := ecdh.X25519().NewPublicKey(s[:32])
	if err != nil {
		return nil
	}
	// Fails where the result is all zero.
	shared, err := own.ECDH(ephemeral)
	if err != nil {
		return nil
	}
	salt := append(bytes.Clone(s[:32]), own.PublicKey().Bytes()...)
	dataKey, err := openOnce(derive(shared, "medseal x25519 stanza v1", salt, context), s[32:])
	if err != nil {
		return nil
	}
	return dataKey
}

func openPassphrase(s []byte, passphrase string, context []byte) []byte {
	stretched := scrypt([]byte(passphrase), s[1:33], 1<<s[0], 8, 32)
	dataKey, err := openOnce(derive(stretched, "medseal passphrase stanza v1", nil, context), s[33:])
	if err != nil {
		return nil
	}
	return dataKey
}

// openMetadata decrypts the block of section 7; what stands behind the fields must be zeros.
func openMetadata(h *header, dataKey []byte, label string, read func(*reader)) error {
	padded, err := openOnce(derive(dataKey, label, h.metadata[:32], nil), h.metadata[32:])
	if err != nil {
		return errRefused
	}
	r := &reader{rest: padded}
	read(r)
	if r.err != nil || !bytes.Equal(r.rest, make([]byte, len(r.rest))) {
		return errRefused
	}
	return nil
}

func readMediaType(r *reader) string {
	text := r.text(255, "media type")
	if !mediaTypes.MatchString(text) {
		r.fail("media type")
	}
	return text
}

func openPlain(h *header, dataKey, payload []byte, emit func([]byte)) (*opened, error) {
	o := &opened{}
	err := openMetadata(h, dataKey, "medseal file metadata v1", func(r *reader) {
		o.measuredAt = r.number(5, "measured at")
		o.mediaType = readMediaType(r)
	})
	if err != nil {
		return nil, err
	}
	return o, openPayload(h, dataKey, payload, emit)
}

func openRecord(h *header, dataKey, payload []byte, emit func([]byte)) (*opened, error) {
	o := &opened{}
	var size uint64
	var digest []byte
	err := openMetadata(h, dataKey, "medseal metadata v1", func(r *reader) {
		size = r.number(6, "size")
		o.measuredAt = r.number(5, "measured at")
		digest = r.fixed(32, "digest")
		r.fixed(32, "commitment salt")
		o.mediaType = readMediaType(r)
	})
	if err != nil {
		return nil, err
	}
	chunks := max(1, (size+chunkBytes-1)/chunkBytes)
	if h.payloadSize != size+16*chunks {
		return nil, errRefused
	}
	hash := sha256.New()
	var got uint64
	err = openPayload(h, dataKey, payload, func(chunk []byte) {
		hash.Write(chunk)
		got += uint64(len(chunk))
		emit(chunk)
	})
	if err != nil {
		return o, err
	}
	sum := sha256.Sum256(payload)
	if got != size || !bytes.Equal(hash.Sum(nil), digest) || !bytes.Equal(sum[:], h.payloadDigest) {
		return o, errPayload
	}
	return o, nil
}

// Section 2.
func openPayload(h *header, dataKey, payload []byte, emit func([]byte)) error {
	aead := gcm(derive(dataKey, "medseal payload v1", h.payloadSalt, nil))
	for index := uint64(0); ; index++ {
		sealed := payload[:min(len(payload), chunkBytes+16)]
		payload = payload[len(sealed):]
		nonce := make([]byte, 12)
		binary.BigEndian.PutUint64(nonce[3:], index)
		if len(payload) == 0 {
			nonce[11] = 1
		}
		chunk, err := aead.Open(nil, nonce, sealed, nil)
		if err != nil || (len(chunk) == 0 && index > 0) {
			return errPayload
		}
		emit(chunk)
		if len(payload) == 0 {
			return nil
		}
	}
}
