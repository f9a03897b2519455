package main

import (
	"fmt"
	"unicode/utf8"
)

// A failure of one of the three kinds in docs/format.md, section 11.
type failure struct{ kind, what string }

func (f failure) Error() string { return f.kind + ": " + f.what }

func malformed(format string, args ...any) error {
	return failure{"malformed", fmt.Sprintf(format, args...)}
}

// Every refusal is the same to whoever reads the error.
var errRefused = failure{"refused", "the key does not open this file"}
var errPayload = failure{"payload", "the payload was altered or cut"}

// reader takes fields off the front of an object; the first error stays.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = malformed(format, args...)
	}
}

func (r *reader) fixed(n int, field string) []byte {
	if r.err != nil || n > len(r.rest) {
		r.fail("%s is cut short", field)
		return make([]byte, min(n, 4096))
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) number(width int, field string) uint64 {
	var n uint64
	for _, b := range r.fixed(width, field) {
		n = n<<8 | uint64(b)
	}
	return n
}

func (r *reader) bytes(max uint64, field string) []byte {
	n := r.number(4, field)
	if n > max {
		r.fail("%s is longer than %d bytes", field, max)
		return nil
	}
	return r.fixed(int(n), field)
}

func (r *reader) text(max uint64, field string) string {
	b := r.bytes(max, field)
	if !utf8.Valid(b) {
		r.fail("%s is not UTF-8", field)
	}
	return string(b)
}

func (r *reader) is(want uint64, width int, field string) {
	if r.number(width, field) != want {
		r.fail("%s is unknown", field)
	}
}

func (r *reader) end() error {
	if len(r.rest) > 0 {
		r.fail("bytes behind the end")
	}
	return r.err
}
