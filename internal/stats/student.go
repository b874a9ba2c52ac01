package stats

import "math"

// bisectT is Student's t at 97.5 % with df degrees of freedom, df >= 1, by
// bisection of the distribution.
func bisectT(df float64) float64 {
	low, high := z, 12.8 // df = 1 has 12.706, df without bound has z
	for range 60 {
		mid := (low + high) / 2
		if tTail(mid, df) > (1-Confidence)/2 {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// tTail is P(T > t) for t > 0: half the regularised incomplete beta function
// at df/(df+t²) with parameters df/2 and 1/2.
func tTail(t, df float64) float64 {
	return incompleteBeta(df/(df+t*t), df/2, 0.5) / 2
}

// incompleteBeta is the regularised incomplete beta function by its continued
// fraction (Abramowitz and Stegun 26.5.8), evaluated by Lentz's method.
func incompleteBeta(x, a, b float64) float64 {
	if x > (a+1)/(a+b+2) { // there the fraction of the mirrored function converges
		return 1 - incompleteBeta(1-x, b, a)
	}
	lgA, _ := math.Lgamma(a)
	lgB, _ := math.Lgamma(b)
	lgAB, _ := math.Lgamma(a + b)
	front := math.Exp(lgAB-lgA-lgB+a*math.Log(x)+b*math.Log1p(-x)) / a

	const tiny, epsilon = 1e-300, 1e-15
	awayFromZero := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	fraction, c, d := 1.0, 1.0, 0.0
	for i := range 1000 {
		m := float64(i / 2)
		var numerator float64
		switch {
		case i == 0:
			numerator = 1
		case i%2 == 0:
			numerator = m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		default:
			numerator = -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		}
		d = 1 / awayFromZero(1+numerator*d)
		c = awayFromZero(1 + numerator/c)
		fraction *= c * d
		if math.Abs(1-c*d) < epsilon {
			break
		}
	}
	return front * (fraction - 1)
}
