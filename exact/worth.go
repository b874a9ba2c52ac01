package exact

import (
	"math"

	"github.com/glyphkit/glyph/internal/value"
)

// Character error rates of two OCR engines on random UUIDs and base62, upscaled
// lines, by em:
//
//	              PP-OCR v4   Tesseract 5.3
//	Verdana  9 px   1.3 %        4.9 %
//	Verdana  7 px   4.3 %       17.1 %
//	Mono     9 px   1.6 %        8.4 %
//	Mono     7 px   9.8 %       21.5 %
//
// The geometric means are 3.0 % at 9 px and 11.2 % at 7 px; between and beyond
// them the logarithm is taken to be linear, and capped where the engines read
// nothing (60 % at 4 px). No VLM has been measured: only the order of strings
// depends on these numbers.
const (
	errorAt9Px   = 0.030
	slopePerPx   = 0.66
	maxCharError = 0.60
)

// worth is what the budget is given away by.
type worth struct {
	// prior is the share of the error rate of random characters that is left
	// where the string has an inner law. Go source and prose are read with 0.35
	// and 0.28 of the errors of random strings at 9 px (PP-OCR 0.45 %, 0.37 %,
	// 1.3 %); the others stand between by judgement.
	prior float64
	// matters is how likely a question turns on the string, by judgement.
	matters float64
}

var worths = map[value.Kind]worth{
	value.UUID: {1, 1}, value.Hash: {1, 0.8}, value.Hex: {1, 0.9}, value.Base64: {1, 0.8}, value.MAC: {1, 0.8}, value.Account: {1, 1},
	value.Phone: {0.9, 1}, value.IP: {0.8, 0.9}, value.Number: {0.8, 1}, value.Version: {0.7, 0.8}, value.Email: {0.6, 1}, value.URL: {0.5, 0.9},
	value.Path: {0.5, 0.8}, value.Identifier: {0.5, 0.8}, value.Date: {0.5, 0.7}, value.Time: {0.5, 0.4}, value.Timestamp: {0.5, 0.6}, value.Duration: {0.8, 0.8}, value.Percentage: {0.8, 1},
	value.Quantity: {0.8, 1}, value.Money: {0.8, 1}, value.Range: {0.8, 0.9}, value.Ratio: {0.8, 0.7}, value.Citation: {0.7, 0.9}, value.Flag: {0.35, 0.6},
	value.Name: {0.6, 0.9}, value.Quotation: {0.3, 0.4},
}

// misread estimates the probability that a reader gets at least one of length
// characters wrong at an em of emPx pixels as the model sees them:
// 1 − (1 − p)^length, where p is the error rate of random characters at that
// size times what the kind's inner law leaves of it. Its source is OCR, not a
// VLM. A kind that is not one of Kinds counts as random. It is 0 for an empty
// string and 1 for an em that is not positive.
func misread(kind value.Kind, length int, emPx float64) float64 {
	switch {
	case length <= 0:
		return 0
	case !(emPx > 0):
		return 1
	}
	w, ok := worths[kind]
	if !ok {
		w.prior = 1
	}
	p := w.prior * min(maxCharError, errorAt9Px*math.Exp(slopePerPx*(9-emPx)))
	return 1 - math.Pow(1-p, float64(length))
}

// value is what carrying a string is worth. A string that the pages show more
// than once can be read more than once.
func (e *entry) value(emPx float64) float64 {
	return misread(e.Kind, len(e.Text), emPx) * worths[e.Kind].matters / math.Sqrt(float64(e.Count))
}
