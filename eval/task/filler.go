package task

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// The words of keys: no two of a list are within two edits of each other, so
// that a misread letter does not make one out of the other.
var (
	adjectives = strings.Fields(`amber ancient awkward bashful bitter blunt brisk careful cheerful chilly clumsy colossal copper
		crimson crooked curious dazzling delicate distant dreamy drowsy dusty eager earnest elastic elegant
		enormous faithful fearless festive fluffy forgotten fragile friendly frosty gallant generous gentle
		gigantic glossy grumpy hardy hazel helpful hidden hollow humble icy indigo jagged jolly jubilant
		keen knotted lavish lilac lively loyal lucid luminous magnetic majestic marvellous merry modest
		muffled narrow nervous noble obscure olive orange ordinary ornate patient peaceful peculiar playful
		plump polished powerful precise purple quaint quarrelsome quick radiant reluctant restless
		ridiculous rigid robust rustic salty scarlet secret silver sincere sleepy slippery smoky solemn
		southern splendid spotless striped stubborn sturdy sunny talkative tangled tender thirsty tremendous
		tropical twisted ultimate unusual upright urban vague valuable velvet wandering watchful weathered
		whimsical wholesome wicked willing wooden youthful zealous zigzag`)
	nouns = strings.Fields(`accordion acorn admiral album almanac anchor apricot aquarium archway armchair asteroid avalanche
		badger bakery balcony bamboo basket beacon blueberry bonfire bookshop bramble bridge broccoli
		buffalo butterfly cabbage cactus calendar camera candle canyon caravan carpet cathedral cellar
		chandelier chestnut chimney cinnamon circus clarinet coconut compass cottage cricket crystal
		cucumber curtain cushion daffodil dandelion diamond discovery dolphin dragonfly drawbridge eagle
		elbow elephant elevator engine envelope factory feather ferry fiddle firefly flagpole forest
		fountain galaxy garden gazelle giraffe glacier goblet gondola grasshopper guitar hammock harbour
		hedgehog helmet horizon hurricane iceberg island jaguar jasmine journal kangaroo kettle kingdom
		kitchen lagoon lantern lemon library lighthouse lobster locomotive magnet mango marigold marmalade
		meadow microscope mirror monsoon mushroom necklace nightingale notebook oasis octopus orchard
		orchestra ostrich paddock parliament pebble pelican penguin peppermint piano pigeon porcupine
		propeller pyramid quarry quilt rabbit rainbow raspberry reservoir rhubarb ribbon sailboat sandcastle
		satchel scissors sculpture snowflake sparrow squirrel staircase strawberry submarine suitcase
		sunflower tambourine telescope temple thermometer thimble thunder tortoise trumpet tunnel turnip
		typewriter umbrella university vegetable vineyard violin volcano waffle walrus wardrobe waterfall
		wheelbarrow whistle windmill woodpecker xylophone yacht zeppelin`)
)

// keys are n different adjective-noun pairs, at most len(adjectives)·len(nouns).
func keys(rng *rand.Rand, n int) []string {
	order := rng.Perm(len(adjectives) * len(nouns))[:n]
	out := make([]string, n)
	for i, k := range order {
		out[i] = adjectives[k/len(nouns)] + "-" + nouns[k%len(nouns)]
	}
	return out
}

// essay returns sentence after sentence of plain prose without meaning.
func essay(rng *rand.Rand) func() string {
	pick := func(words ...string) string { return words[rng.IntN(len(words))] }
	who := func() string {
		return pick("the mayor", "an old teacher", "the ferry company", "my neighbour", "the town council", "a young engineer",
			"the baker", "every visitor", "the night watchman", "a travelling painter", "the harbour office", "her sister",
			"nobody in the office", "the whole village", "a retired judge", "the choir")
	}
	did := func() string {
		return pick("kept a careful record of", "never quite understood", "wrote a long letter about", "used to laugh at",
			"spent the summer repairing", "had strong opinions about", "slowly grew fond of", "refused to pay for",
			"walked every morning past", "could not agree on", "told the children stories about", "quietly improved",
			"made a drawing of", "wanted to sell", "had forgotten")
	}
	what := func() string {
		return pick("the stone bridge", "the price of bread", "a garden behind the school", "the new timetable", "the weather in spring",
			"the broken clock", "the road to the coast", "an unfinished house", "the annual fair", "the sound of the bells",
			"a box of photographs", "the water supply", "the best way to cook fish", "the library", "the habits of swallows",
			"the map on the wall")
	}
	why := func() string {
		return pick("because it reminded them of home", "although the winter was long", "as people there often do",
			"until the money ran out", "which surprised no one", "before the railway came", "and the matter was settled",
			"while the others waited outside", "even when it rained", "so that the work could begin", "without asking for advice",
			"and in the end it did not matter")
	}
	when := func() string {
		return pick("In those years", "Some time later", "On quiet evenings", "As far as anyone remembers", "After the flood",
			"To be fair", "Every now and then", "According to the minutes", "For a while", "When the shops had closed",
			"In the second week of May", "By that time")
	}
	capital := func(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
	return func() string {
		switch rng.IntN(4) {
		case 0:
			return capital(who()) + " " + did() + " " + what() + "."
		case 1:
			return capital(who()) + " " + did() + " " + what() + " " + why() + "."
		case 2:
			return when() + ", " + who() + " " + did() + " " + what() + "."
		default:
			return when() + ", " + who() + " " + did() + " " + what() + ", and " + who() + " " + did() + " " + what() + "."
		}
	}
}

// noise returns the same few sentences again and again.
func noise() func() string {
	i := -1
	return func() string {
		i++
		return [...]string{"The tide comes in.", "The tide goes out.", "The sand is smooth again.", "Look once more, nothing has changed."}[i%4]
	}
}

// paragraphLength is the number of sentences after which prose breaks.
const paragraphLength = 8

// prose joins sentences into paragraphs.
func prose(sentences []string) string {
	var b strings.Builder
	for i, s := range sentences {
		switch {
		case i == 0:
		case i%paragraphLength == 0:
			b.WriteString("\n")
		default:
			b.WriteString(" ")
		}
		b.WriteString(s)
	}
	return b.String()
}

// coin makes a word that is in no dictionary but can be spoken: two to four
// syllables.
func coin(rng *rand.Rand) string {
	const consonants, vowels = "bdfgklmnprstvz", "aeiou"
	var b strings.Builder
	for range 2 + rng.IntN(3) {
		b.WriteByte(consonants[rng.IntN(len(consonants))])
		b.WriteByte(vowels[rng.IntN(len(vowels))])
	}
	b.WriteByte(consonants[rng.IntN(len(consonants))])
	return b.String()
}

func randomString(rng *rand.Rand, n int, alphabet string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[rng.IntN(len(alphabet))]
	}
	return string(b)
}

const (
	digits       = "0123456789"
	hexDigits    = "0123456789abcdef"
	upperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lowerLetters = "abcdefghijklmnopqrstuvwxyz"
)

// digitString has no leading zero, so that it survives being read as a number.
func digitString(rng *rand.Rand, n int) string {
	return randomString(rng, 1, digits[1:]) + randomString(rng, n-1, digits)
}

// uuid is a random UUID of version 4.
func uuid(rng *rand.Rand) string {
	hi, lo := rng.Uint64()&^0xF000|0x4000, rng.Uint64()&^(3<<62)|1<<63
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xFFFF, hi&0xFFFF, lo>>48, lo&0xFFFFFFFFFFFF)
}
