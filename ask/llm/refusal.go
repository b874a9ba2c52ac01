package llm

import (
	"regexp"
	"strings"

	openai "github.com/sashabaranov/go-openai"
)

// maxRefusal is the length in bytes up to which a text can be a refusal.
// Longer ones that begin as one go on to answer.
const maxRefusal = 400

// maxOpening is a length in bytes within which a refusal has begun as one.
const maxOpening = 80

// A refusal speaks of itself, of not being willing or able, and of helping,
// reading or seeing. "I cannot find X in the pages" is an answer.
var refusal = regexp.MustCompile(`(?i)^(i['’]?m (very |really |so )?sorry,? (but |and )?|sorry,? (but )?|i apologi[sz]e,? (but )?|unfortunately,? |as an ai( language)?( model)?,? )*` +
	`(i (can['’]?t|cannot|can not|won['’]?t|will not|am unable to|am not able to|must decline to|have to decline to)|i['’]?m (unable|not able) to) ` +
	`(help|assist|comply|fulfil|fulfill|continue with|engage|do that|provide assistance|support (this|that|your)|process (this|that|these|your|the) (request|image|page)|` +
	`(read|view|see|analy[sz]e|transcribe|interpret|access|look at) (the |this |these |that |those |any |your |attached |provided |text from |text in )*` +
	`(image|picture|photo|page|screenshot|document|attachment)s?([.,;]|$| (as|because|that|you|or|directly|provided|attached)\b))`)

// opening is a beginning after which a refusal may follow.
var opening = regexp.MustCompile(`(?i)^(i['’]?m (very |really |so )?sorry|sorry|i apologi|unfortunately|as an ai|i (can|won|will not|am unable|am not able|must decline|have to decline)|i['’]?m (unable|not able))`)

// isRefusal reports whether a text says that the model will not or cannot work
// on what it was given. It would rather miss one than take an answer for one:
// an answer that something is not in the pages is none.
func isRefusal(text string) bool {
	text = strings.TrimSpace(text)
	return len(text) <= maxRefusal && refusal.MatchString(text)
}

// MayBecomeRefusal reports whether a text that is still being streamed could
// turn out to be a refusal. Until then it should not be shown, for another
// answer may take its place.
func MayBecomeRefusal(text string) bool {
	text = strings.TrimSpace(text)
	switch {
	case len(text) > maxRefusal:
		return false
	case len(text) < maxOpening:
		return opening.MatchString(text) || len(text) < len("unfortunately")
	}
	return refusal.MatchString(text)
}

// refused is what the model said if the response is a refusal.
func (r *Response) refused() (said string, ok bool) {
	switch {
	case r.Refusal != "":
		return r.Refusal, true
	case r.FinishReason == string(openai.FinishReasonContentFilter):
		return "stopped by the endpoint's content filter", true
	case isRefusal(r.Text):
		return r.Text, true
	}
	return "", false
}
