// Package eval measures how much of drawn pages a reader can use: it puts the
// probes of tasks before a reader in several ways, scores the answers and says
// what they cost.
//
//	result, err := eval.Run(ctx, "runs/niah", eval.Spec{
//		Tasks: []string{"ruler/niah_single_1"}, Configs: configs, Model: profile,
//		DPIs: []float64{72, 96}, Arms: []eval.Arm{eval.Image, eval.Hybrid, eval.Text},
//	}, eval.Options{Reader: tesseract})
//
// # Arms
//
// All arms answer the same probes, so they are compared in pairs.
//
//   - Image: the pages alone.
//   - Hybrid: the pages, the fact sheet of their exact strings, and the answer
//     verified against the text; what the verification repairs is scored.
//   - Text: the text itself, which is the ceiling.
//   - Adaptive: a ladder with a known cost. The pages are read at the lowest
//     DPI and the answer is verified; while it has a string that the text does
//     not clearly hold, or is empty, the pages that it stands on are read again
//     at the next DPI, and in the end as text. Spec.Zoom reads only a strip of
//     these pages, cut from the page of the same layout at the higher DPI.
//
// A model gets a pack (package pack) and answers. A reader that only
// transcribes, such as Tesseract, reads each page once, and the task's solver
// answers from the transcript by rules. With a fact sheet, each string of that
// answer that is not on the sheet is replaced by the closest string of the sheet,
// if there is one within a few edits. A model is expected to do the same.
//
// # Directory
//
// A run is a directory: run.json, what is measured and by which build;
// probes.jsonl and texts, what is asked; events.jsonl, a line for each outcome
// as it comes; transcripts and responses, so that no page is read and no call is
// paid twice; and result.json. The same spec resumes, another one is refused.
// After a kill at any moment at most the calls under way are lost. One process
// at a time writes to a directory, and [Open] reads it at any time. Several
// machines can do a shard each of a run, which [Merge] puts together.
//
// The result depends on spec, reader and its answers alone: not on the number of
// workers, nor on how often the run was interrupted.
//
// Readers are in package read, questions in task, scores in metric and stats.
// The search for a better config is package search.
package eval
