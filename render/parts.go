package render

// Part is a stretch of a document that goes to the model as text or as pages.
type Part struct {
	Start, End int64 // bytes of the document's text
	Text       bool  // sent as text, because that costs less
	Tokens     int64 // what it costs that way
}

// Decision says which parts of a document to draw, and why.
type Decision struct {
	Model     string `json:"model"`
	Tokenizer string `json:"tokenizer"`
	Estimated bool   `json:"estimated"` // TextTokens is an estimate

	// Tokens for the whole document sent in one of three ways.
	TextTokens  int64 `json:"text_tokens"`
	ImageTokens int64 `json:"image_tokens"`
	MixedTokens int64 `json:"mixed_tokens"` // as Parts say

	// Saving is the share of TextTokens that the parts save, 0 if all is text.
	Saving  float64 `json:"saving"`
	Verdict string  `json:"verdict"` // "text is cheaper", "pages are cheaper" or "a mixture is cheapest"

	// Parts follow one another from the first byte to the last.
	Parts []Part `json:"-"`
}
