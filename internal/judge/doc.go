// Package judge has a language model grade open answers, those that no metric
// can compare with a gold one, and says how far the model agrees with people.
//
//	c, _, err := judge.Calibrate(ctx, client, rubric, labels, judge.CalibrationOptions{})
//	j, err := judge.New(client, c) // an error if c is under its bar
//	v, err := j.Judge(ctx, judge.Case{Question: q, Answer: a})
//
// The method is that of G-Eval (Liu et al., EMNLP 2023): from the criteria the
// model writes grading steps, once; with both it scores each answer from 1 to
// 5. The score is the mean of 1 to 5 weighted by the probabilities of the
// tokens, where the endpoint gives them, else the mean of [Samples] answers at
// temperature 1. Pairs are judged in both orders; where these disagree the pair
// is a tie, and counted. Several judges are a [Panel].
//
// What cannot be graded is unscored, with its reason, and never a 0. A judge
// needs a calibration against people's labels that passes its bar;
// [NewUncalibrated] does without, and the name of such a judge says so.
//
// Answers that have a gold one are for the sibling package metric. The package
// knows no pages and no tasks.
package judge
