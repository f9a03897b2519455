package main

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// scrypt of RFC 7914 with p = 1. Go's standard library has none.
func scrypt(passphrase, salt []byte, n, r, length int) []byte {
	block := stretch(passphrase, salt, 128*r)
	words := make([]uint32, 32*r)
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(block[4*i:])
	}
	romMix(words, n, r)
	for i, word := range words {
		binary.LittleEndian.PutUint32(block[4*i:], word)
	}
	return stretch(passphrase, block, length)
}

func stretch(passphrase, salt []byte, length int) []byte {
	out, err := pbkdf2.Key(sha256.New, string(passphrase), salt, 1, length)
	if err != nil {
		panic(err)
	}
	return out
}

// Section 5: B is 2r blocks of 16 words.
func romMix(b []uint32, n, r int) {
	v := make([]uint32, n*len(b))
	scratch := make([]uint32, len(b))
	for i := range n {
		copy(v[i*len(b):], b)
		blockMix(b, scratch, r)
	}
	for range n {
		j := int(b[(2*r-1)*16]) & (n - 1)
		for k, word := range v[j*len(b) : (j+1)*len(b)] {
			b[k] ^= word
		}
		blockMix(b, scratch, r)
	}
}

// Section 4.
func blockMix(b, y []uint32, r int) {
	var x [16]uint32
	copy(x[:], b[(2*r-1)*16:])
	for i := range 2 * r {
		for k := range x {
			x[k] ^= b[i*16+k]
		}
		salsa8(&x)
		at := i / 2
		if i%2 == 1 {
			at += r
		}
		copy(y[at*16:], x[:])
	}
	copy(b, y)
}

// Section 3: Salsa20/8.
func salsa8(b *[16]uint32) {
	x := *b
	quarter := func(a, b, c, d int) {
		x[b] ^= bits.RotateLeft32(x[a]+x[d], 7)
		x[c] ^= bits.RotateLeft32(x[b]+x[a], 9)
		x[d] ^= bits.RotateLeft32(x[c]+x[b], 13)
		x[a] ^= bits.RotateLeft32(x[d]+x[c], 18)
	}
	for range 4 {
		quarter(0, 4, 8, 12)
		quarter(5, 9, 13, 1)
		quarter(10, 14, 2, 6)
		quarter(15, 3, 7, 11)
		quarter(0, 1, 2, 3)
		quarter(5, 6, 7, 4)
		quarter(10, 11, 8, 9)
		quarter(15, 12, 13, 14)
	}
	for i := range b {
		b[i] += x[i]
	}
}
