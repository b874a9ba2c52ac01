package llm

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
)

// problem is an error that an endpoint sent, whatever its shape.
type problem struct {
	Code    string // "context_length_exceeded", "429"
	Type    string
	Message string
}

// parseProblem reads the shapes that are in use: {"error": {…}} of OpenAI,
// {"error": "…"} of Ollama, {"object": "error", "message": …} of vLLM,
// {"detail": …} of FastAPI. Of other bodies the text is the message.
func parseProblem(body []byte) problem {
	var outer struct {
		Error   json.RawMessage `json:"error"`
		Message json.RawMessage `json:"message"`
		Detail  json.RawMessage `json:"detail"`
		Code    json.RawMessage `json:"code"`
		Type    json.RawMessage `json:"type"`
	}
	// Google's endpoint wraps the object in a list.
	trimmed := bytes.TrimSuffix(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("[")), []byte("]"))
	if json.Unmarshal(trimmed, &outer) != nil {
		return problem{Message: string(body)}
	}
	p := problem{Code: plain(outer.Code), Type: plain(outer.Type), Message: plain(outer.Message)}
	if p.Message == "" {
		p.Message = plain(outer.Detail)
	}
	var inner struct {
		Code    json.RawMessage `json:"code"`
		Type    json.RawMessage `json:"type"`
		Message json.RawMessage `json:"message"`
	}
	switch err := json.Unmarshal(outer.Error, &inner); {
	case len(outer.Error) == 0 || string(outer.Error) == "null":
	case err == nil:
		p = problem{Code: plain(inner.Code), Type: plain(inner.Type), Message: plain(inner.Message)}
	default:
		p.Message = plain(outer.Error)
	}
	if p.Message == "" {
		p.Message = string(body)
	}
	return p
}

// plain is a JSON value as text: a string without its quotes, else as it
// stands.
func plain(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// What endpoints say. The order of the checks matters: OpenAI reports a
// request over the tokens of a minute as rate limit, which waiting cannot mend.
var (
	saysFiltered = regexp.MustCompile(`(?i)content_filter|content_policy|content management policy|responsibleai|` +
		`requires moderation|input was flagged|safety system`)

	saysOverflow = regexp.MustCompile(`(?i)context_length_exceeded|exceed_context_size|` + // OpenAI, llama.cpp
		`(maximum|model'?s|available|the) context (length|size|window|limit)|exceed context limit|` + // OpenAI, vLLM, SGLang, Ollama, LM Studio
		`maximum model length|max_model_len|max_total_tokens|` + // vLLM
		`prompt is too long|prompt too long|` + // Anthropic
		`context length of only|` + // LM Studio
		`input token count.{0,40} exceeds`) // Gemini

	saysTooLarge = regexp.MustCompile(`(?i)request_too_large|request (entity )?too large|payload too large|body too large|` +
		`content size limit|request size|image exceeds|image (is )?too large|too many images|at most \d+ (image|multi-?modal)`)

	saysNoQuota = regexp.MustCompile(`(?i)insufficient_quota|exceeded your current quota|insufficient credits|billing`)
)

// failure is why an attempt brought no answer.
type failure struct {
	kind    error
	status  int
	message string
	billed  billed
	retry   bool
}

// rejected classifies what an endpoint answered with a status of failure.
func rejected(status int, p problem) failure {
	f := failure{status: status, message: p.Message, billed: BilledNo}
	said := strings.Join([]string{p.Code, p.Type, p.Message}, " ")
	client := status >= 400 && status < 500
	switch {
	case client && saysFiltered.MatchString(said):
		f.kind = ErrRefused
	case status == http.StatusRequestEntityTooLarge, client && saysTooLarge.MatchString(said):
		f.kind = ErrTooLarge
	case (client || status == http.StatusInternalServerError) && saysOverflow.MatchString(said):
		f.kind = ErrContextOverflow
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		f.kind = ErrAuth
	case status == http.StatusTooManyRequests, status == http.StatusPaymentRequired:
		f.kind = ErrRateLimited
		f.retry = status == http.StatusTooManyRequests && !saysNoQuota.MatchString(said)
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		f.kind, f.retry = ErrServer, true
	case status >= 500:
		f.kind = ErrServer
		f.retry = status != http.StatusNotImplemented && status != http.StatusHTTPVersionNotSupported
		if status != http.StatusInternalServerError && status != http.StatusServiceUnavailable && f.retry {
			f.billed = BilledMaybe // a gateway does not know what the model has done
		}
	default:
		f.kind = ErrRejected
	}
	return f
}

// interrupted classifies an error that came in a stream, after a status of
// success: what was generated until then may be billed.
func interrupted(p problem) failure {
	status := http.StatusInternalServerError
	switch p.Code {
	case "400", "401", "402", "403", "404", "408", "413", "422", "429", "501", "502", "503", "504", "529":
		status = int(p.Code[0]-'0')*100 + int(p.Code[1]-'0')*10 + int(p.Code[2]-'0')
	default:
		said := p.Code + " " + p.Type + " " + p.Message
		switch {
		case strings.Contains(p.Type, "invalid_request"), saysFiltered.MatchString(said), saysTooLarge.MatchString(said):
			status = http.StatusBadRequest
		case strings.Contains(p.Type, "rate_limit"), strings.Contains(p.Code, "rate_limit"):
			status = http.StatusTooManyRequests
		}
	}
	f := rejected(status, p)
	f.status, f.billed = http.StatusOK, BilledMaybe
	return f
}
