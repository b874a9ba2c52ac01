package llm

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"github.com/glyphkit/glyph/internal/store"
)

// The defaults of Options.
const (
	DefaultTimeout     = 20 * time.Minute // the published evaluations wait as long for one answer
	defaultIdle        = 3 * time.Minute  // reading a long prompt takes minutes before the first token
	defaultMaxAttempts = 4
	DefaultMaxParallel = 4
	defaultMaxResponse = 16 << 20
)

// Options say which endpoint is asked, and within which limits.
type Options struct {
	BaseURL string // such as http://127.0.0.1:8000/v1
	Key     Key    // sent as bearer token; "" sends none
	Model   string // as the endpoint names it

	// Timeout is for a call with all its attempts, Idle for the time in which
	// an attempt receives nothing. 0 is the default.
	Timeout time.Duration
	Idle    time.Duration

	// MaxAttempts bounds the attempts of one call; 0 is the default, 1 repeats
	// nothing.
	MaxAttempts int
	// MaxParallel bounds the attempts under way; 0 is the default.
	MaxParallel int
	// RatePerMinute bounds the attempts begun in a minute, evenly spaced; 0 is
	// no bound.
	RatePerMinute float64
	// MaxResponse bounds the bytes of one response; 0 is the default.
	MaxResponse int64

	Price  Price
	Budget Budget

	// CacheDir keeps responses, so that no request is paid twice; "" keeps
	// none. It is made if it is not there. Any number of processes may share it.
	// An entry that is damaged is asked for, and paid, again.
	CacheDir string

	// HTTPClient, Clock and Jitter are for tests and proxies; nil is the usual.
	// Redirects are never followed: they could lead the pages anywhere.
	HTTPClient *http.Client
	Clock      clock
	Jitter     func() float64 // in [0, 1)
}

// Key is a secret. No verb of package fmt and no encoder shows it.
type Key string

const hiddenKey = "[key]"

// Format hides the key.
func (Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hiddenKey)) }

// MarshalText hides the key.
func (Key) MarshalText() ([]byte, error) { return []byte(hiddenKey), nil }

// Client asks one model of one endpoint. It is safe for concurrent use.
type Client struct {
	api      *openai.Client
	host     string
	endpoint string
	o        Options // without Key
	redact   func(string) string
	newMask  func() mask // for the text of an attempt
	pace     *pace
	ledger   *Ledger
	calls    *calls
	cache    *store.Store
}

// Format writes the model and the host, whatever the verb: the client holds the
// key.
func (c Client) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "chat client of %s at %s", c.o.Model, c.host)
}

// New returns a client. It makes no connection.
func New(o Options) (*Client, error) {
	base, err := parseBaseURL(o.BaseURL)
	if err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	o.setDefaults()
	key := string(o.Key)
	c := &Client{
		host:     base.Host,
		endpoint: strings.TrimRight(base.String(), "/"),
		redact:   redactor(key),
		newMask:  func() mask { return mask{key: key} },
		pace:     newPace(o.MaxParallel, o.RatePerMinute, o.Clock),
		ledger:   NewLedger(o.Budget),
		calls:    &calls{},
	}
	config := openai.DefaultConfig(key)
	config.BaseURL = c.endpoint
	config.EmptyMessagesLimit = math.MaxInt32 // keep-alive comments; MaxResponse bounds them
	config.HTTPClient = newTransport(o.HTTPClient)
	c.api = openai.NewClientWithConfig(config)
	if o.CacheDir != "" {
		if c.cache, err = store.Open(o.CacheDir, cacheBytes); err != nil {
			return nil, err
		}
	}
	o.Key = ""
	c.o = o
	return c, nil
}

func parseBaseURL(s string) (*url.URL, error) {
	const accepted = "accepted: such as http://127.0.0.1:8000/v1 or https://api.openai.com/v1"
	if s == "" {
		return nil, errors.New("no base URL of an endpoint; " + accepted)
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, fmt.Errorf("base URL is no URL; %s", accepted) // it may hold a password
	case u.User != nil:
		return nil, fmt.Errorf("base URL with a user or password; %s, with the key apart", accepted)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, fmt.Errorf("base URL %q; %s", s, accepted)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("base URL with a query or fragment; %s", accepted)
	}
	return u, nil
}

func (o *Options) check() error {
	switch {
	case o.Model == "":
		return errors.New("no model; accepted: a model name as the endpoint has it")
	case strings.ContainsFunc(string(o.Key), func(r rune) bool { return r <= ' ' || r >= 0x7F }):
		return errors.New("the API key has characters that no header can hold; accepted: visible ASCII")
	case o.Timeout < 0 || o.Idle < 0:
		return fmt.Errorf("timeout %s, idle %s; accepted: 0 for the default, or more", o.Timeout, o.Idle)
	case o.MaxAttempts < 0 || o.MaxParallel < 0 || o.MaxResponse < 0:
		return fmt.Errorf("at most %d attempts, %d in parallel, %d bytes; accepted: 0 for the default, or more", o.MaxAttempts, o.MaxParallel, o.MaxResponse)
	case !(o.RatePerMinute >= 0):
		return fmt.Errorf("%v requests a minute; accepted: 0 for no bound, or more", o.RatePerMinute)
	case !(o.Price.Input >= 0 && o.Price.CachedInput >= 0 && o.Price.Output >= 0):
		return fmt.Errorf("price %+v; accepted: 0 or more for a million tokens", o.Price)
	}
	if err := o.Budget.check(); err != nil {
		return err
	}
	return ledgers{NewLedger(o.Budget)}.check(o.Price)
}

func (o *Options) setDefaults() {
	setDefault(&o.Timeout, DefaultTimeout)
	setDefault(&o.Idle, defaultIdle)
	setDefault(&o.MaxAttempts, defaultMaxAttempts)
	setDefault(&o.MaxParallel, DefaultMaxParallel)
	setDefault(&o.MaxResponse, defaultMaxResponse)
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
}

func setDefault[T comparable](v *T, to T) {
	var zero T
	if *v == zero {
		*v = to
	}
}

// Model returns the name of the model, as the endpoint has it.
func (c *Client) Model() string { return c.o.Model }

// Host returns the host of the endpoint, with its port if it has one.
func (c *Client) Host() string { return c.host }

// MaxParallel returns how many attempts can be under way.
func (c *Client) MaxParallel() int { return c.o.MaxParallel }

// Price returns what tokens of the endpoint cost.
func (c *Client) Price() Price { return c.o.Price }
