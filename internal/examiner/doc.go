// Package examiner has language models write questions about a user's own
// documents, and keeps those that measure reading.
//
//	exam, err := examiner.Examine(ctx, documents, examiner.Options{Examiners: clients, Questions: 20, Seed: 1})
//	err = exam.Write(file)
//	set, err := task.New(task.Questions, task.Options{Data: file})
//
// An examiner sees a passage and writes a question, its answer and the evidence.
// The question is kept only if
//
//  1. the evidence stands in the passage verbatim, white space aside;
//  2. a reader who gets the evidence alone gives an equivalent answer;
//  3. a reader who gets no text does not;
//  4. a reader who gets the passage as text does.
//
// What is not kept is counted by its [Reason]. The readers are models of text:
// pages are drawn and read by others. Where questions with known answers can be
// generated without a model, as exact strings can, the sibling package task is
// cheaper and sharper.
package examiner
