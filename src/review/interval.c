/* Clopper, C.; Pearson, E. S. (1934): the use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika 26. */
#include "review/desk.h"

#include <math.h>

/* P(X <= k) of a binomial distribution; sums logarithms, so that large n do not underflow. */
static double at_most(guint k, guint n, double p)
{
    double sum = 0;
    for (guint i = 0; i <= k; i++)
        sum += exp(lgamma(n + 1.0) - lgamma(i + 1.0) - lgamma(n - i + 1.0) + i * log(p) + (n - i) * log1p(-p));
    return sum;
}

/* The p at which P(X <= k) is `level`; it falls as p grows. */
static double solve(guint k, guint n, double level)
{
    double low = 1e-12, high = 1 - 1e-12;
    for (int i = 0; i < 80; i++) {
        double middle = (low + high) / 2;
        if (at_most(k, n, middle) > level)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

void spot_interval(guint missed, guint looked, double *low, double *high)
{
    const double tail = 0.025;
    *low = missed == 0 ? 0 : solve(missed - 1, looked, 1 - tail);
    *high = missed >= looked ? 1 : solve(missed, looked, tail);
}
