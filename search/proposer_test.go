package search

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/search/genome"
	"github.com/glyphkit/glyph/internal/search/probe"
)

// scripted is a proposer made of a function.
type scripted struct {
	name string
	f    func(ctx context.Context, h History) (Proposal, error)
}

func (s scripted) Name() string { return s.name }
func (s scripted) Propose(ctx context.Context, h History) (Proposal, error) {
	p, err := s.f(ctx, h)
	p.Cost.Attempts++
	return p, err
}

func genesOf(pairs ...any) map[string]json.RawMessage {
	genes := map[string]json.RawMessage{}
	for i := 0; i < len(pairs); i += 2 {
		genes[pairs[i].(string)], _ = json.Marshal(pairs[i+1])
	}
	return genes
}

// good knows what the planted reader likes and walks the sizes.
var good = scripted{"good", func(_ context.Context, h History) (p Proposal, _ error) {
	for i := range h.Want {
		parent := h.Parents[(i+h.Generation)%len(h.Parents)]
		size := 5.5 + float64((7*i+h.Generation)%40)/10
		p.Patches = append(p.Patches, genome.Patch{Parent: parent.ID, Lines: []string{"den-1"}, Reason: "narrow face, no margins", Genes: genesOf(
			"dpi", 72, "font-size", size, "line-height", size+float64(i%3)*0.4, "font-path", "atkinson-hyperlegible", "stroke-weight", 1.2,
			"margin-x", 0, "margin-y", 0, "frame-padding", 0, "newline-markup", "↵", "font-color", "#000000", "para-bg-color", "#FFFFFF", "page-bg-color", "#FFFFFF")})
	}
	return p, nil
}}

// useless proposes valid configs that are all bad.
var useless = scripted{"useless", func(_ context.Context, h History) (p Proposal, _ error) {
	for i := range h.Want {
		p.Patches = append(p.Patches, genome.Patch{Parent: h.Parents[i%len(h.Parents)].ID, Lines: []string{"bad-1"}, Genes: genesOf(
			"font-path", "spleen-6x12", "stroke-weight", 0.5+float64(h.Generation%9)/20, "font-color", "#404040", "margin-x", 20+i%20, "anti-alias", false)})
	}
	return p, nil
}}

// garbage proposes what cannot be applied.
var garbage = scripted{"garbage", func(_ context.Context, h History) (p Proposal, _ error) {
	for i := range h.Want {
		patch := genome.Patch{Parent: h.Parents[0].ID, Genes: genesOf("font-size", -3, "wingspan", true)}
		if i%2 == 0 {
			patch = genome.Patch{Parent: "me", Genes: genesOf("font-size", 9)}
		}
		p.Patches = append(p.Patches, patch)
	}
	return p, nil
}}

func TestProposals(t *testing.T) {
	o := small()
	o.Generations, o.Proposer = 8, good
	r, err := Run(t.Context(), "", newPlanted(16, 0), o)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(r.Candidates, func(c Candidate) bool { return c.Operator == opPropose })
	if i < 0 {
		t.Fatal("no proposal was read")
	}
	c := r.Candidates[i]
	if c.Config.FontPath != "atkinson-hyperlegible" || c.Parent == "" || c.Reason != "narrow face, no margins" || len(c.Lines) != 1 {
		t.Errorf("got %+v", c)
	}
}

func TestRefusedPatchesAreCountedAndTold(t *testing.T) {
	told := map[string]bool{}
	o := small()
	o.Proposer = scripted{"garbage", func(ctx context.Context, h History) (Proposal, error) {
		for _, r := range h.Refused {
			told[r.Reason] = true
		}
		return garbage.f(ctx, h)
	}}
	o.Generations = 8
	r, err := Run(t.Context(), "", newPlanted(16, 0), o)
	if err != nil {
		t.Fatal(err)
	}
	op := r.Operators[len(r.Operators)-1]
	if op.Name != opPropose || op.Made == 0 || op.Refused != op.Made || op.Read != 0 || r.Refused[refusedPatch] != op.Made {
		t.Errorf("operator %+v, refused %v", op, r.Refused)
	}
	for reason := range told {
		if !strings.Contains(reason, `parent "me" is unknown`) && !strings.Contains(reason, "wingspan") {
			t.Errorf("reason %q", reason)
		}
	}
	if len(told) == 0 {
		t.Error("the proposer was not told why")
	}
}

func TestProposerThatFailsIsADegradation(t *testing.T) {
	for name, f := range map[string]func(ctx context.Context, h History) (Proposal, error){
		"timeout": func(ctx context.Context, _ History) (Proposal, error) {
			<-ctx.Done()
			return Proposal{}, ctx.Err()
		},
		"error": func(context.Context, History) (Proposal, error) { return Proposal{}, errors.New("502 bad gateway") },
		"no JSON": func(_ context.Context, h History) (Proposal, error) {
			return Proposal{Patches: []genome.Patch{{Parent: h.Parents[0].ID, Genes: map[string]json.RawMessage{"dpi": []byte(`{`)}}}}, nil
		},
		"too long": func(context.Context, History) (Proposal, error) {
			return Proposal{Insights: []string{strings.Repeat("x", maxEvent)}}, nil
		},
		"negative cost": func(context.Context, History) (Proposal, error) {
			return Proposal{Cost: probe.Cost{Bill: llm.Bill{Money: -1}}}, nil
		},
	} {
		o := small()
		o.Proposer, o.ProposerTimeout, o.Generations = scripted{name, f}, 5*time.Millisecond, 12
		r, err := Run(t.Context(), "", newPlanted(16, 0), o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		op := r.Operators[len(r.Operators)-1]
		if op.Failed == 0 || op.Failed > 5 || len(r.Degraded) != op.Failed || r.Generations != 12 {
			t.Errorf("%s: failed %d times in %d generations, degraded %q", name, op.Failed, r.Generations, r.Degraded)
		}
	}
}

// notes is a playbook that writes down what it is told.
type notes struct {
	lines   []string
	credits []string
	gain    map[string]float64
}

func (n *notes) Lines() []string { return n.lines }
func (n *notes) Credit(ids []string, d diff) {
	n.credits = append(n.credits, fmt.Sprint(ids, d.Accuracy, d.Compression))
	for _, id := range ids {
		n.gain[id] += d.Accuracy.Mean
	}
}
func (n *notes) Learn(insights []string) error {
	n.lines = append(n.lines, insights...)
	if len(n.lines) > 1 {
		return errors.New("playbook is full")
	}
	return nil
}

func TestPlaybook(t *testing.T) {
	run := func(dir string) (*notes, *Result) {
		book := &notes{lines: []string{"[den-1] narrow faces"}, gain: map[string]float64{}}
		o := small()
		o.Population, o.Generations, o.Playbook = 12, 10, book
		o.Proposer = scripted{"both", func(ctx context.Context, h History) (Proposal, error) {
			if !slices.Equal(h.Playbook, book.lines) {
				t.Errorf("told %q, want %q", h.Playbook, book.lines)
			}
			p, err := useless.f(ctx, h)
			p.Insights = []string{fmt.Sprintf("[new-%d] generation %d", len(h.Playbook), h.Generation)}
			return p, err
		}}
		r, err := Run(t.Context(), dir, newPlanted(16, 0), o)
		if err != nil {
			t.Fatal(err)
		}
		return book, r
	}
	dir := t.TempDir()
	book, r := run(dir)
	if len(book.credits) == 0 || book.gain["bad-1"] >= 0 {
		t.Errorf("a bad line has gained %v in %d credits", book.gain, len(book.credits))
	}
	if !slices.ContainsFunc(r.Degraded, func(s string) bool { return strings.Contains(s, "playbook is full") }) {
		t.Errorf("degraded: %q", r.Degraded)
	}
	again, _ := run(dir) // nothing is asked, and the playbook ends the same
	if !slices.Equal(again.lines, book.lines) || !slices.Equal(again.credits, book.credits) {
		t.Error("resumed, the playbook is another one")
	}
}

func TestBandit(t *testing.T) {
	b := bandit{arms: []*Operator{{Name: opMutate}, {Name: opPropose}}}
	rng := rand.New(rand.NewSource(1))
	given := 0
	for generation := range 60 {
		shares := b.share(24, nil)
		if shares[0]+shares[1] != 24 {
			t.Fatalf("%v are not 24 places", shares)
		}
		if generation >= 10 {
			given += shares[1]
		}
		b.arms[0].places += float64(shares[0])
		b.arms[1].places += float64(shares[1])
		b.arms[0].gain += rng.Float64()
		b.arms[0].paid += float64(shares[0] * 30)
		b.arms[1].paid += float64(shares[1] * 8)
		b.settle()
	}
	if part := float64(given) / (50 * 24); part > 0.06 || part == 0 {
		t.Errorf("an operator that gains nothing gets %.3f of the places, want some but few", part)
	}
}

func TestResultIsTheSameWithARecordedProposer(t *testing.T) {
	o := small()
	o.Proposer = good
	dir := t.TempDir()
	want := mustRun(t, t.Context(), dir, newPlanted(16, 0), o)
	o.Proposer = scripted{"good", func(context.Context, History) (Proposal, error) {
		t.Error("asked again")
		return Proposal{}, nil
	}}
	if got := mustRun(t, t.Context(), dir, newPlanted(16, 0), o); !bytes.Equal(got, want) {
		t.Error("another result")
	}
}
