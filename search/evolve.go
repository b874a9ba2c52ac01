package search

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand"
	"slices"

	"github.com/MaxHalford/eaopt"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/search/genome"
)

// The evolution engine has one objective, evaluates on its own threads, gives
// up at the first error and forgets its best. So reading is done by the model,
// for a whole generation at a time; the fitness that the engine sees is the
// place in the order of Pareto rank and crowding; failures are scores that are
// missing; and each generation's parents are drawn from all that was kept.

// individual is a config as the engine handles it.
type individual struct {
	space   *genome.Space
	config  configs.Config
	entry   *entry // that it was read as; nil before
	fitness float64
}

// Evaluate returns the place that the model gave; see [model].
func (g *individual) Evaluate() (float64, error) { return g.fitness, nil }

// Mutate changes a few genes.
func (g *individual) Mutate(rng *rand.Rand) { g.config = g.space.Mutate(g.config, rng) }

// Crossover makes g a child of itself and mate.
func (g *individual) Crossover(mate eaopt.Genome, rng *rand.Rand) {
	g.config = g.space.Crossover(g.config, mate.(*individual).config, rng)
}

// Clone returns a copy that can be changed.
func (g *individual) Clone() eaopt.Genome {
	c := *g
	return &c
}

// model is one generation, as the engine calls it.
type model struct{ *search }

var errConverged = errors.New("hypervolume has stopped growing")

// Validate has nothing to check: the options were.
func (m model) Validate() error { return nil }

// Apply reads a generation and leaves the parents of the next in pop.
func (m model) Apply(pop *eaopt.Population) error {
	s := m.search
	s.generation++
	children, err := s.children(pop)
	if err != nil {
		return err
	}
	before := points(s.kept)
	s.read = append(s.read, children...)
	raceErr := s.race(children)
	s.credit(children, before)
	if raceErr != nil {
		return raceErr
	}

	pop.Individuals = pop.Individuals[:0]
	for place, e := range s.population() {
		i := eaopt.NewIndividual(&individual{space: s.space, config: e.config, entry: e, fitness: float64(place)}, pop.RNG)
		i.Fitness, i.Evaluated = float64(place), true
		pop.Individuals = append(pop.Individuals, i)
	}
	return s.settle(children)
}

func (s *search) children(pop *eaopt.Population) ([]*entry, error) {
	if s.generation > 1 {
		return s.breed(pop)
	}
	var drafts []draft
	for _, i := range pop.Individuals {
		drafts = append(drafts, draft{config: i.Genome.(*individual).config, origin: origin{operator: opInitial}})
	}
	children, _, err := s.admit(drafts)
	for range maxRounds {
		if err != nil || len(children) >= s.Population {
			break
		}
		drafts = drafts[:0]
		for range s.Population - len(children) {
			drafts = append(drafts, draft{config: s.space.Sample(pop.RNG), origin: origin{operator: opInitial}})
		}
		var more []*entry
		more, _, err = s.admit(drafts)
		children = append(children, more...)
	}
	if err == nil && len(children) == 0 {
		err = fmt.Errorf("no config of the first generation is worth reading: refused %v%s", s.refused, s.broken)
	}
	return children, err
}

// credit settles what a generation gained, for operators and playbook.
func (s *search) credit(children []*entry, before []Point) {
	base := Hypervolume(before, s.Reference)
	last := s.rungs[len(s.rungs)-1]
	for _, e := range children {
		if len(e.scores) == 0 {
			continue // the budget ended first
		}
		kept := e.dropped == "" && len(e.scores) == last
		if arm := s.bandit.arm(e.origin.operator); arm != nil {
			arm.Read++
			if kept {
				arm.Kept++
				gain := Hypervolume(append(slices.Clone(before), e.point()), s.Reference) - base
				arm.Gain += gain
				arm.gain += gain
			}
		}
		if s.Playbook != nil && len(e.origin.lines) > 0 {
			s.Playbook.Credit(slices.Clone(e.origin.lines), diff{
				Accuracy:    pairedDiff(e.scores, e.origin.parent.scores),
				Compression: e.size.CharsPerToken / max(e.origin.parent.size.CharsPerToken, 1e-9),
			})
		}
	}
	s.bandit.settle()
}

// minGrowth is the part by which hypervolume must grow to count as growth.
const minGrowth = 1e-3

// settle ends a generation: history, archive, convergence.
func (s *search) settle(children []*entry) error {
	front, rung := s.front()
	volume := s.hypervolume()
	g := generation{Generation: s.generation, Spent: s.spent, Hypervolume: volume, Front: len(front), Read: len(children)}
	for _, e := range children {
		if e.dropped != "" {
			g.Dropped++
		}
	}
	s.history = append(s.history, g)
	if volume > s.best*(1+minGrowth) {
		s.best, s.bestGeneration = volume, s.generation
	}
	if s.dir != "" {
		if err := s.save(s.result("", front, rung, nil)); err != nil {
			return err
		}
	}
	if s.generation-s.bestGeneration >= s.Patience {
		return errConverged
	}
	return nil
}

// population returns the parents of the next generation, best first: of all
// that was kept those of the lowest rank and, within it, of the emptiest
// surroundings; then, while there are too few, those dropped last.
func (s *search) population() []*entry {
	ps := points(s.kept)
	ranks := paretoRanks(ps)
	room := crowding(ps, ranks)
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(ranks[a], ranks[b]), cmp.Compare(room[b], room[a]), cmp.Compare(a, b))
	})
	var best []*entry
	for _, i := range order[:min(len(order), s.Population)] {
		best = append(best, s.kept[i])
	}
	if missing := s.Population - len(best); missing > 0 {
		var rest []*entry
		for _, e := range s.read {
			if e.dropped != "" && e.accuracy().N > 0 {
				rest = append(rest, e)
			}
		}
		slices.SortStableFunc(rest, func(a, b *entry) int {
			return cmp.Or(cmp.Compare(len(b.scores), len(a.scores)), cmp.Compare(b.accuracy().Mean, a.accuracy().Mean))
		})
		best = append(best, rest[:min(missing, len(rest))]...)
	}
	return best
}

// evolve runs generations until one of the reasons to stop.
func (s *search) evolve() (stop string, err error) {
	drawn := 0
	ga, err := eaopt.GAConfig{
		NPops: 1, PopSize: uint(s.Population), NGenerations: uint(s.Generations), HofSize: 1,
		Model: model{s}, RNG: rand.New(rand.NewSource(s.Seed)),
	}.NewGA()
	if err != nil {
		return "", err
	}
	err = ga.Minimize(func(rng *rand.Rand) eaopt.Genome {
		drawn++
		return &individual{space: s.space, config: s.founder(drawn-1, rng)}
	})
	switch {
	case err == nil:
		return StopGenerations, nil
	case errors.Is(err, errBudget):
		return stopBudget, nil
	case errors.Is(err, errConverged):
		return stopConverged, nil
	case s.ctx.Err() != nil:
		return stopCancelled, nil
	}
	return "", err
}
