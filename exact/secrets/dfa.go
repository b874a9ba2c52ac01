package secrets

import (
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// dfa is a filter before package regexp, which takes a hundred times as long:
// it says whether an expression may match at the start of a text. It errs on
// the side of yes: of assertions it knows the end of the text, others such as
// \b are taken for true. States are made when first met.
//
// A dfa is used by one goroutine.
type dfa struct {
	prog   *syntax.Prog
	states []dfaState
	index  map[string]int32
	seen   []bool // instructions, while a state is made
}

type dfaState struct {
	insts   []uint32             // that wait for a character, ascending
	accepts bool                 // here a match ends
	atEnd   bool                 // here a match ends if the text does
	next    [utf8.RuneSelf]int32 // state, or unknown
}

const (
	unknown   = 0 // also the place of no state
	dead      = 1
	start     = 2
	maxMemory = 4 << 10 // states, 2 MiB; beyond, all are made anew
)

func newDFA(expr string) *dfa {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		panic("secrets: " + err.Error()) // part of an expression that parses
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		panic("secrets: " + err.Error())
	}
	d := &dfa{prog: prog, seen: make([]bool, len(prog.Inst))}
	d.reset()
	return d
}

func (d *dfa) reset() {
	d.states = append(d.states[:0], dfaState{})
	d.index = map[string]int32{}
	d.state(nil)                            // dead
	d.state([]uint32{uint32(d.prog.Start)}) // start
}

// mayMatch reports whether the expression may match at the start of text.
func (d *dfa) mayMatch(text string) bool {
	if len(d.states) > maxMemory {
		d.reset()
	}
	s := int32(start)
	for i := 0; i < len(text) && s != dead && !d.states[s].accepts; {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(text[i:])
			s = d.step(s, r)
			i += n
			continue
		}
		t := d.states[s].next[c]
		if t == unknown {
			t = d.step(s, rune(c))
			d.states[s].next[c] = t
		}
		s = t
		i++
	}
	return d.states[s].accepts || d.states[s].atEnd
}

func (d *dfa) step(s int32, c rune) int32 {
	var next []uint32
	for _, pc := range d.states[s].insts {
		if inst := &d.prog.Inst[pc]; inst.MatchRune(c) {
			next = append(next, inst.Out)
		}
	}
	return d.state(next)
}

// state returns the state that stands at the given instructions.
func (d *dfa) state(at []uint32) int32 {
	var st dfaState
	var atEnd []uint32
	clear(d.seen)
	for ending := false; ; {
		if len(at) == 0 {
			if ending || len(atEnd) == 0 {
				break
			}
			at, ending = atEnd, true
		}
		pc := at[len(at)-1]
		at = at[:len(at)-1]
		if d.seen[pc] {
			continue
		}
		d.seen[pc] = true
		switch inst := &d.prog.Inst[pc]; inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			at = append(at, inst.Out, inst.Arg)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(inst.Arg)&syntax.EmptyEndText != 0 && !ending {
				d.seen[pc] = false // seen again when nothing else is left
				atEnd = append(atEnd, pc)
			} else {
				at = append(at, inst.Out)
			}
		case syntax.InstCapture, syntax.InstNop:
			at = append(at, inst.Out)
		case syntax.InstMatch:
			st.accepts = st.accepts || !ending
			st.atEnd = true
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			if !ending {
				st.insts = append(st.insts, pc)
			}
		}
	}
	slices.Sort(st.insts)
	key := make([]byte, 0, 4*len(st.insts)+1)
	for _, pc := range st.insts {
		key = append(key, byte(pc), byte(pc>>8), byte(pc>>16), byte(pc>>24))
	}
	switch {
	case st.accepts:
		key = append(key, 2)
	case st.atEnd:
		key = append(key, 1)
	}
	if i, ok := d.index[string(key)]; ok {
		return i
	}
	i := int32(len(d.states))
	d.index[string(key)] = i
	d.states = append(d.states, st)
	return i
}
