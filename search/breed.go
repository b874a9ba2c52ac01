package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"slices"
	"strings"

	"github.com/MaxHalford/eaopt"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/internal/search/clip"
	"github.com/glyphkit/glyph/internal/search/genome"
	"github.com/glyphkit/glyph/internal/search/probe"
)

// draft is a config that may become a candidate.
type draft struct {
	config configs.Config
	hash   string
	origin origin
}

// Reasons for refusing a draft before reading.
const (
	refusedInvalid   = "invalid config"
	refusedKnown     = "duplicate config"
	refusedBroken    = "cannot be drawn"
	refusedPages     = "duplicate pages"
	refusedSmall     = "glyphs under the pixel floor"
	refusedSparse    = "compression no better than the reference"
	refusedDominated = "dominated whatever its accuracy"
	refusedPatch     = "patch not applicable"
)

// perfect is an accuracy that a config of less compression cannot usefully
// beat: one wrong character in a thousand.
const perfect = 0.999

// admit returns the drafts that are worth reading, as entries, and why the
// others are not, by their index.
func (s *search) admit(drafts []draft) ([]*entry, map[int]string, error) {
	reasons := map[int]string{}
	var fresh []int
	for i := range drafts {
		d := &drafts[i]
		if err := d.config.Validate(); err != nil {
			reasons[i] = refusedInvalid
			continue
		}
		d.hash = d.config.Hash()
		if s.known[d.hash] {
			reasons[i] = refusedKnown
			continue
		}
		s.known[d.hash] = true
		fresh = append(fresh, i)
	}
	sizes := make([]probe.Size, len(drafts))
	errs := make([]error, len(drafts))
	err := runs.Each(s.ctx, len(fresh), s.Workers, func(_ context.Context, k int) error {
		i := fresh[k]
		sizes[i], errs[i] = s.measure(s.ctx, drafts[i].hash, drafts[i].config)
		return nil
	})
	if err = errors.Join(err, s.journal.run.Failed()); err != nil {
		return nil, nil, err
	}
	var entries []*entry
	for _, i := range fresh {
		d := drafts[i]
		if reason := s.unworthy(sizes[i], errs[i]); reason != "" {
			reasons[i] = reason
			if errs[i] != nil {
				s.broken = ", last with: " + errs[i].Error()
			}
			continue
		}
		e := &entry{hash: d.hash, config: d.config, size: sizes[i], origin: d.origin, gen: s.generation}
		if e.size.PageHash != "" {
			s.pages[e.size.PageHash] = e.id()
		}
		s.byID[e.id()] = e
		entries = append(entries, e)
	}
	for i, d := range drafts {
		if arm := s.bandit.arm(d.origin.operator); arm != nil {
			arm.Made++
			if reasons[i] != "" {
				arm.Refused++
			}
		}
		if reasons[i] != "" {
			s.refused[reasons[i]]++
		}
	}
	return entries, reasons, nil
}

// unworthy says why a size is not worth reading, "" if it is.
func (s *search) unworthy(size probe.Size, err error) string {
	switch {
	case err != nil:
		return refusedBroken
	case size.PageHash != "" && s.pages[size.PageHash] != "":
		return refusedPages
	case size.GlyphPixels < s.PixelFloor:
		return refusedSmall
	case size.CharsPerToken <= s.Reference.CharsPerToken:
		return refusedSparse
	}
	for _, e := range s.kept {
		if e.size.CharsPerToken >= size.CharsPerToken && e.accuracy().Mean >= perfect {
			return refusedDominated
		}
	}
	return ""
}

// Bounds on looking for drafts that are not refused: draws of one draft that
// is not known yet, and rounds of filling the places of refused ones.
const (
	maxDraws  = 8
	maxRounds = 6
)

// breed makes the children of a generation.
func (s *search) breed(pop *eaopt.Population) ([]*entry, error) {
	skip := map[string]bool{}
	if s.proposerWait > 0 {
		s.proposerWait--
		skip[opPropose] = true
	}
	var children []*entry
	for range maxRounds {
		missing := s.Population - len(children)
		if missing == 0 {
			break
		}
		var drafts []draft
		for i, places := range s.bandit.share(missing, skip) {
			arm := s.bandit.arms[i]
			arm.places += float64(places)
			switch arm.Name {
			case opPropose:
				if places == 0 {
					continue
				}
				proposed, err := s.propose(places)
				if err != nil {
					return nil, err
				}
				children = append(children, proposed...)
			case opPack:
				packed, err := s.pack(places, pop)
				if err != nil {
					return nil, err
				}
				drafts = append(drafts, packed...)
			default:
				for range places {
					drafts = append(drafts, s.draw(arm.Name, pop))
				}
			}
		}
		skip[opPropose] = true // asked once a generation
		entries, _, err := s.admit(drafts)
		if err != nil {
			return nil, err
		}
		children = append(children, entries...)
	}
	return children, nil
}

// draw makes a draft with one of the search's own operators.
func (s *search) draw(operator string, pop *eaopt.Population) draft {
	rng := pop.RNG
	d := draft{origin: origin{operator: operator}}
	for range maxDraws {
		parents := s.parents(pop)
		switch {
		case operator == opSample || parents == nil:
			d.config = s.space.Sample(rng)
		case operator == opCrossover:
			d.origin.parent = parents[0].Genome.(*individual).entry
			parents[0].Crossover(parents[1], rng)
			d.config = parents[0].Genome.(*individual).config
		default:
			d.origin.parent = parents[0].Genome.(*individual).entry
			parents[0].Mutate(rng)
			d.config = parents[0].Genome.(*individual).config
		}
		if d.config.Validate() == nil && !s.known[d.config.Hash()] {
			break
		}
	}
	return d
}

// packDraws is how many mutations pack chooses from. Laying a config out takes
// milliseconds, reading it minutes.
const packDraws = 12

// pack makes n drafts, each the densest of some mutations of a parent that
// leave size, face and colour of the type and the newlines alone: what changes
// only the geometry of the page costs little accuracy, and what it gains is
// known. A newline marker does cost accuracy, and is so much denser than a
// break that it would be all that pack ever tries.
func (s *search) pack(n int, pop *eaopt.Population) ([]draft, error) {
	var drafts []draft
	for range n {
		parents := s.parents(pop)
		if parents == nil {
			return drafts, nil
		}
		parent := parents[0].Genome.(*individual).entry
		tried := make([]configs.Config, packDraws)
		for i := range tried {
			tried[i] = s.space.Repack(parent.config, pop.RNG)
		}
		sizes := make([]probe.Size, len(tried))
		if err := runs.Each(s.ctx, len(tried), s.Workers, func(_ context.Context, i int) error {
			if hash := tried[i].Hash(); tried[i].Validate() == nil && !s.known[hash] {
				sizes[i], _ = s.measure(s.ctx, hash, tried[i]) // one that cannot be drawn has no density
			}
			return nil
		}); err != nil {
			return nil, err
		}
		if err := s.journal.run.Failed(); err != nil {
			return nil, err
		}
		best := 0
		for i := range sizes {
			if sizes[i].CharsPerToken > sizes[best].CharsPerToken {
				best = i
			}
		}
		drafts = append(drafts, draft{config: tried[best], origin: origin{operator: opPack, parent: parent}})
	}
	return drafts, nil
}

// parents selects two by binary tournament, nil if there are too few.
func (s *search) parents(pop *eaopt.Population) eaopt.Individuals {
	selected, _, err := eaopt.SelTournament{NContestants: 2}.Apply(2, pop.Individuals, pop.RNG)
	if err != nil {
		return nil
	}
	return selected
}

// propose asks the proposer for n patches and admits what is applicable.
func (s *search) propose(n int) ([]*entry, error) {
	arm := s.bandit.arm(opPropose)
	answer, ok := s.journal.proposals[s.generation]
	if !ok && !s.canPropose() {
		return nil, errBudget
	}
	if !ok {
		ctx, cancel := context.WithTimeout(s.ctx, s.ProposerTimeout)
		proposal, err := s.Proposer.Propose(ctx, s.tell(n))
		cancel()
		if costErr := proposal.Cost.Check(); costErr != nil {
			proposal.Cost = probe.Cost{}
			err = errors.Join(err, costErr)
		}
		if s.ctx.Err() != nil {
			return nil, errors.Join(s.ctx.Err(), s.journal.lose(proposal.Cost.Bill))
		}
		answer = proposalEvent{Generation: s.generation, Proposal: proposal}
		answer.Proposal.Patches = proposal.Patches[:min(n, len(proposal.Patches))]
		if err != nil {
			answer.Error = clip.Text(err.Error())
			answer.Proposal = Proposal{Cost: proposal.Cost}
		}
		if err := answer.recordable(); err != nil {
			answer = proposalEvent{Generation: s.generation, Error: clip.Text(err.Error()), Proposal: Proposal{Cost: proposal.Cost}}
		}
		if err := s.journal.record(event{Proposal: &answer}); err != nil {
			return nil, err
		}
	}
	s.charge(opPropose, answer.Proposal.Cost)
	if answer.Error != "" {
		arm.Failed++
		s.proposerFails++
		s.proposerWait = 1 << min(s.proposerFails-1, maxWait)
		s.degrade("generation %d: proposer %s failed, not asked again for %d generations: %s", s.generation, s.Proposer.Name(), s.proposerWait, answer.Error)
		return nil, nil
	}
	s.proposerFails = 0
	if s.Playbook != nil && len(answer.Proposal.Insights) > 0 {
		if err := s.Playbook.Learn(answer.Proposal.Insights); err != nil {
			s.degrade("generation %d: playbook: %v", s.generation, err)
		}
	}
	for _, f := range answer.Proposal.Failures {
		s.degrade("generation %d: proposer %s: %s", s.generation, s.Proposer.Name(), clip.Text(f))
	}
	return s.applyPatches(answer.Proposal.Patches, answer.Proposal.Malformed)
}

// recordable is an error for a proposal that is not JSON or does not fit into
// the journal.
func (p proposalEvent) recordable() error {
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("proposal: %w", err)
	}
	if len(data) > maxEvent/2 {
		return fmt.Errorf("proposal of %d bytes: want at most %d", len(data), maxEvent/2)
	}
	return nil
}

// maxWait is the binary logarithm of the generations for which a proposer that
// keeps failing is left alone.
const maxWait = 5

func (s *search) applyPatches(patches []genome.Patch, malformed []refused) ([]*entry, error) {
	arm := s.bandit.arm(opPropose)
	s.lastPatch = malformed
	arm.Made += len(malformed)
	arm.Refused += len(malformed)
	if len(malformed) > 0 {
		s.refused[refusedPatch] += len(malformed)
	}
	var drafts []draft
	var from []genome.Patch
	for _, p := range patches {
		parent, ok := s.byID[strings.TrimSpace(p.Parent)]
		err := fmt.Errorf("parent %q is unknown: want the id of a candidate", clip.Text(p.Parent))
		var c configs.Config
		if ok {
			c, err = s.space.Apply(parent.config, p)
		}
		if err != nil {
			arm.Made++
			arm.Refused++
			s.refused[refusedPatch]++
			s.lastPatch = append(s.lastPatch, refused{p, err.Error()})
			continue
		}
		from = append(from, p)
		drafts = append(drafts, draft{config: c, origin: origin{opPropose, parent, p.Lines, clip.Text(p.Reason)}})
	}
	entries, reasons, err := s.admit(drafts)
	for i, p := range from {
		if reasons[i] != "" {
			s.lastPatch = append(s.lastPatch, refused{p, reasons[i]})
		}
	}
	return entries, err
}

// tell collects what a proposer may know.
func (s *search) tell(n int) History {
	front, _ := s.front()
	h := History{
		Generation: s.generation, Want: n, Reader: s.problem.Reader(), Genes: s.space.Genes(),
		Reference: s.Reference, Hypervolume: s.hypervolume(), Front: s.candidates(front),
		Parents: s.candidates(s.population()), Errors: s.commonErrors(maxConfusions), Refused: s.lastPatch,
	}
	for _, e := range s.read {
		if e.gen == s.generation-1 && e.dropped != "" {
			h.Dropped = append(h.Dropped, e.candidate(s.documents))
		}
	}
	if s.Playbook != nil {
		h.Playbook = slices.Clone(s.Playbook.Lines())
	}
	return h
}

// founder draws a config for the first generation: the presets in turn, the
// founders of the options, then samples of the theme mixtures.
func (s *search) founder(i int, rng *rand.Rand) configs.Config {
	presets := configs.Presets()
	if i < len(presets) {
		if c, err := configs.Preset(presets[i].Name); err == nil {
			return s.space.Impose(c)
		}
	}
	if i -= len(presets); i >= 0 && i < len(s.Founders) {
		return s.space.Impose(s.Founders[i])
	}
	return s.space.Sample(rng)
}
