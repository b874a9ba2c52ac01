// Package vision says what an image costs a vision-language model in tokens,
// what the model makes of its size, and how many images one request may carry.
//
// A [Profile] is data: one named rule with its parameters, the tokens around
// an image, the limits, and where and when all that was published. The rules
// are a small fixed set (ruleList); a model that follows one of them needs no
// code, only an entry in a JSON file ([Load], [NewCatalog]).
//
//	p, err := vision.Lookup("claude-sonnet-4.5")
//	tokens, err := p.Tokens(1568, 728) // 1460
//
// The package opens no image, counts no text and calls no model. Its sibling
// render draws the pages whose sizes are priced here.
//
// # Confidence
//
// Every profile carries a letter: A is an official formula that independent
// usage numbers reproduce, B official code or documentation alone, C inferred
// or partly unpublished, D approximate or unknown. Where the research behind
// the tables gave a letter a sign (A-, B+) the next lower letter stands here.
// A model that is known but whose rule is not has the rule "unpublished": its
// limits and prices are listed, its Tokens is [ErrUnpublished].
//
// # Finding a page size
//
// What a page can carry is bounded by the pixels that arrive, so a planner
// looks for the page with most pixels for a token among those that no resize
// makes smaller.
//
// For rules that cut an image into patches ([Profile.Patch] > 0) any size
// whose sides are multiples of the patch and that [Profile.Unresampled]
// accepts is fed to the model as it is, and none of its tokens is spent on
// padding. Up to the caps the cost is near proportional to the area, so the
// search is over columns and rows of patches, up to [Profile.MaxSide] and
// [Profile.MaxPixels].
//
// For rules whose price depends on the aspect alone or on a number of tiles
// most sizes waste tokens, and Patch is 0: only the sizes of
// [Profile.Candidates] are worth looking at.
//
// Candidates are listed for both kinds. The page with most pixels for a token,
// among all pages up to maxPageSide that lose no pixel, is always one of
// them, overhead included. For patch rules the list holds only the tallest
// pages of every width; the shorter ones are every multiple of Patch below.
//
// # How the price moves with the size
//
// Enlarging one side never lowers the price for fixed, and for patch without
// caps. It holds as long as nothing is scaled down for patch, patch-search,
// align-search, pad-grid, smart-resize, row-break, row-break-budget and
// short-side-tiles. It does not hold for grid, crop-unit, pan-and-scan,
// closest-ratio-tiles, canvas-tiles, slices, anyres-tiles, masked-crops and
// longest-side-tiles, which look at the aspect, nor once a cap of the former
// bites: a page a little too large is scaled to fewer tokens than one that just
// fits. table prices single sizes and unpublished none.
//
// Everything here is safe for concurrent use; nothing returned is shared.
package vision
