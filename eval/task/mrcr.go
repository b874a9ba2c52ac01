package task

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/glyphkit/glyph/internal/benchmark"
)

// mrcr is multi-round co-reference resolution as OpenAI has it: of several
// equal requests in a long conversation, the answer to the n-th is to be
// repeated.
type mrcr struct{ name string }

// mrcrNeedles are the numbers of equal requests.
var mrcrNeedles = []int{2, 4, 8}

func (t mrcr) Name() string   { return t.name }
func (t mrcr) Metric() string { return "mrcr" }

func (t mrcr) Score(p *Probe, answer string) Score {
	if len(p.Gold) == 0 {
		return noGold
	}
	answer = clean(answer)
	return scored(benchmark.MRCR(answer, p.Gold[0], p.Prefix), answer)
}

func newMRCR(name string, o *Options) (*Set, error) {
	needles, err := strconv.Atoi(strings.TrimPrefix(name, "mrcr/"))
	if err != nil {
		return nil, err
	}
	t := mrcr{name}
	if o.Data != nil {
		return t.load(o, needles)
	}
	return o.generate(t, func(o *Options, rng *rand.Rand, length int) (*Probe, error) {
		return mrcrProbe(o, rng, length, needles)
	})
}

type message struct{ Role, Content string }

// turns is a conversation as it is drawn.
func turns(messages []message) string {
	var b strings.Builder
	for i, m := range messages {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(capitalised(m.Role) + ": " + m.Content)
	}
	return b.String()
}

// load reads the JSONL of OpenAI's MRCR; of other numbers of needles it takes
// none and says how many there were.
func (t mrcr) load(o *Options, needles int) (*Set, error) {
	set := &Set{Task: t}
	others := 0
	err := readLines(o, func(line int, record *struct {
		Prompt  string // JSON of a list of messages
		Answer  string
		Prefix  string `json:"random_string_to_prepend"`
		Needles int    `json:"n_needles"`
		Wanted  int    `json:"desired_msg_index"`
		Total   int    `json:"total_messages"`
		Chars   int    `json:"n_chars"`
	}) error {
		if record.Needles != needles {
			others++
			return nil
		}
		var messages []message
		if err := decode([]byte(record.Prompt), &messages); err != nil {
			return fmt.Errorf("prompt: %w", err)
		}
		if len(messages) < 3 || messages[len(messages)-1].Role != "user" {
			return fmt.Errorf("prompt of %d messages: a conversation that ends with the user's question is accepted", len(messages))
		}
		for i, m := range messages {
			if m.Role != "user" && m.Role != "assistant" {
				return fmt.Errorf("message %d: another role than user and assistant, which are accepted", i+1)
			}
		}
		if record.Prefix == "" || !strings.HasPrefix(record.Answer, record.Prefix) {
			return errors.New("answer does not begin with random_string_to_prepend")
		}
		id := fmt.Sprintf("%s/%d", t.name, line)
		question := messages[len(messages)-1].Content
		messages = messages[:len(messages)-1]
		p := &Probe{
			ID: id, Task: t.name, Stratum: lengthBin(record.Chars), Document: id, Cluster: id,
			Text: turns(messages), Question: question, Gold: []string{record.Answer}, Prefix: record.Prefix,
		}
		if record.Wanted > 0 && record.Wanted < len(messages) {
			before := turns(messages[:record.Wanted])
			p.Depths = []float64{float64(len(before)) / float64(len(p.Text))}
		}
		set.Probes = append(set.Probes, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(set.Probes) == 0 {
		return nil, fmt.Errorf("%s has no conversation with %d needles among %d", o.dataName(), needles, others)
	}
	if others > 0 {
		set.Notes = append(set.Notes, fmt.Sprintf("%d conversations have another number of needles", others))
	}
	return set.limit(o), nil
}

// lengthBin names the range of a text by its characters.
func lengthBin(chars int) string {
	low := 32_000
	for high := low; ; high *= 2 {
		if chars <= high {
			if high == low {
				return fmt.Sprintf("up to %dk characters", high/1000)
			}
			return fmt.Sprintf("%dk to %dk characters", high/2000, high/1000)
		}
		if high > 1<<30 {
			return "longer"
		}
	}
}

var (
	mrcrForms  = []string{"short poem", "limerick", "news report", "diary entry", "fairy tale", "letter of complaint", "speech", "riddle", "recipe", "song", "weather forecast", "bedtime story"}
	mrcrTopics = []string{"lighthouses", "turnips", "lost umbrellas", "trams", "glaciers", "spoons", "foxes", "old maps", "snow", "clockmakers", "bridges", "bees", "tea", "shadows", "ladders", "the moon"}
)

// conversationQuestion is how OpenAI's MRCR asks, which the solver reads.
const conversationQuestion = "Prepend {} to the {} (1 indexed) {}. Do not include any other text in your response."

// mrcrProbe makes a conversation of requests for texts, needles of them equal.
func mrcrProbe(o *Options, rng *rand.Rand, length, needles int) (*Probe, error) {
	form, topic := mrcrForms[rng.IntN(len(mrcrForms))], mrcrTopics[rng.IntN(len(mrcrTopics))]
	wanted := rng.IntN(needles)
	p := &Probe{Prefix: randomString(rng, 10, lowerLetters+upperLetters+digits)}
	p.Question = ask(conversationQuestion, p.Prefix, ordinal(wanted+1), form+" about "+topic)

	next := essay(rng)
	compose := func() string {
		var s []string
		for range 3 + rng.IntN(3) {
			s = append(s, next())
		}
		return strings.Join(s, " ")
	}
	exchange := func(form, topic string) []message {
		return []message{{"user", "Write a " + form + " about " + topic}, {"assistant", compose()}}
	}
	var equal [][]message
	places := make([]float64, needles)
	for i := range needles {
		equal = append(equal, exchange(form, topic))
		places[i] = rng.Float64()
	}
	slices.Sort(places)
	gold := equal[wanted][1].Content
	p.Gold = []string{p.Prefix + gold}

	var other [][]message
	var err error
	p.Text, err = o.fit(length, 1<<17, p.Question, func(units int) string {
		for len(other) < units {
			f, t := mrcrForms[rng.IntN(len(mrcrForms))], mrcrTopics[rng.IntN(len(mrcrTopics))]
			if f != form || t != topic {
				other = append(other, exchange(f, t))
			}
		}
		all := slices.Clone(other[:units])
		for i := needles - 1; i >= 0; i-- {
			all = slices.Insert(all, int(places[i]*float64(units+1)), equal[i])
		}
		return turns(slices.Concat(all...))
	})
	p.Depths = []float64{float64(strings.Index(p.Text, gold)) / float64(max(len(p.Text), 1))}
	return p, err
}

func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

var (
	mrcrQuestion = regexp.MustCompile(`(?s)to the (\d+)(?:st|nd|rd|th) \(1 indexed\) (.+?)\. Do not include`)
	turnStart    = regexp.MustCompile(`(?m)^[ \t]*(User|Assistant): ?`)
	articles     = regexp.MustCompile(`\b(an?|the)\b`)
)

// Solve finds the turns of the user that ask for what the question names, one
// character in twelve aside, and repeats the answer to the wanted one.
func (t mrcr) Solve(p *Probe, transcript string) string {
	m := mrcrQuestion.FindStringSubmatch(p.Question)
	if m == nil {
		return ""
	}
	wanted, err := strconv.Atoi(m[1])
	if err != nil {
		return ""
	}
	essence := func(s string) string { return compact(articles.ReplaceAllString(strings.ToLower(s), "")) }
	asked := essence(m[2])
	starts := turnStart.FindAllStringSubmatchIndex(transcript, -1)
	for i, s := range starts {
		if transcript[s[2]:s[3]] != "User" || i+1 >= len(starts) {
			continue
		}
		// A request is short; a long one is not it.
		request := transcript[s[1]:starts[i+1][0]]
		if len(request) > 4*len(m[2])+100 || distance(strings.TrimPrefix(essence(request), "write"), asked) > len(asked)/12 {
			continue
		}
		if wanted--; wanted == 0 {
			end := len(transcript)
			if i+2 < len(starts) {
				end = starts[i+2][0]
			}
			return p.Prefix + strings.TrimSpace(transcript[starts[i+1][1]:end])
		}
	}
	return ""
}
