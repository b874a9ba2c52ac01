//go:build !((linux || darwin) && (amd64 || arm64)) || static

package ppocr

// supported: this build can load no library, and New opens no session.
const supported = false

type session struct{}

func openSession(string, []byte) (*session, string, error) { return nil, "", ErrUnsupported }

func (*session) run(tensor, func(scores) error) error { return ErrUnsupported }

func (*session) close() {}
