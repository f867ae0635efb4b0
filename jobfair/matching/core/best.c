/* The best people of a position in one pass: the loop of compiled.py, whose words hold here, too.
 *
 * Whole numbers and double precision as in score.py, so that the result is numpy's to the bit; it
 * must be compiled without fast mathematics and without fused multiply-add (-ffp-contract=off).
 */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define MILLION 1000000
#define KNOWN 10000
#define KNOWN_BITS 14
#define HALF 32
#define LOW 0xffffffffLL
#define WHOLE (1LL << 28)
#define SLACK 2.0 /* of WHOLE, above the rounding of a comparison in double precision */

#define TABLES 5
enum { PLACE, GATE = TABLES, GROUP, BORN, FREE, EXPIRES, FACTS }; /* columns.LISTED */

typedef struct {
    const int64_t *members, *starts, *counts; /* of travel groups, see index.Members */
    const int64_t *gate, *policy;             /* of each row */
} Pool;

typedef struct {
    const int64_t *sums;           /* of all tables, see below */
    const uint8_t *gates, *timely; /* of each gate and each row: open, in time */
    const double *terms;           /* the policy term of each policy */
    const int64_t *ties;           /* of each row, what decides among equals */
    /* sums[begins[t] + (fact & there[t])] is what table t gives to a fact. */
    int64_t begins[TABLES], there[TABLES];
    double most;           /* the highest policy term */
    double rest, unplaced; /* weight of all tables, and of all but the place */
    double company;        /* weight of the travel group */
    int64_t born, born_after, free, today, size;
} Asked;

typedef struct { /* people side by side, and where a run of them begins; see index.WishIndex */
    const int64_t *people, *runs;
    const int32_t (*facts)[FACTS];
} Listing;

typedef struct { /* runs from the first to before the end, and the likeness of whoever is on them */
    const int64_t *firsts, *ends, *likeness;
    int64_t count;
} Lists;

typedef struct {
    int64_t merit, tie, row;
} One;

typedef struct {
    uint8_t *seen; /* a bit for each row */
    One *best;
    int64_t room, count;
    int64_t worst, last, least; /* merit, tie and known weight of the last of the best */
    double need;                /* its mean of the components */
} Found;

static int64_t packed(double value, double weight)
{
    return ((int64_t)value << HALF) + (int64_t)rint(weight);
}

/* Points and what is known in one number that compares; see Scorer. */
static int64_t merit_of(int64_t sums, double term)
{
    int64_t share = sums & LOW;
    double mean = (double)(sums >> HALF) / (double)(share ? share : 1);
    int64_t points = (int64_t)rint(((mean < 1.0 ? mean : 1.0) + term) * MILLION);
    return (points << KNOWN_BITS) + (share * KNOWN + WHOLE / 2) / WHOLE;
}

static int before(const One *one, const One *other)
{
    return one->merit > other->merit || (one->merit == other->merit && one->tie < other->tie);
}

/* Bring the first of the best to the front and the last of them to its end (quickselect). */
static void keep_best(One *best, int64_t count, int64_t size)
{
    int64_t low = 0, high = count - 1;
    while (low < high) {
        One middle = best[(low + high) / 2];
        int64_t left = low, right = high;
        while (left <= right) {
            while (before(&best[left], &middle))
                left++;
            while (before(&middle, &best[right]))
                right--;
            if (left <= right) {
                One kept = best[left];
                best[left++] = best[right];
                best[right--] = kept;
            }
        }
        if (size - 1 <= right)
            high = right;
        else if (size - 1 >= left)
            low = left;
        else
            return;
    }
}

/* Leave the best of all found and note what it takes to join them. */
static void mark(Found *found, const Asked *asked)
{
    keep_best(found->best, found->count, asked->size);
    found->count = asked->size;
    const One *last = &found->best[asked->size - 1];
    int64_t points = last->merit >> KNOWN_BITS, known = last->merit & ((1 << KNOWN_BITS) - 1);
    found->worst = last->merit;
    found->last = last->tie;
    found->need = ((double)points - 0.5) / MILLION - asked->most;
    /* Nobody has more points than all; of the same points who is known better comes first. */
    found->least = points == MILLION && asked->most == 0 ? (known - 1) * WHOLE / KNOWN : 0;
}

/* What the travel group of a row adds; see Scorer.packed. */
static int64_t company_of(const Pool *pool, const Asked *asked, int64_t row, int64_t group)
{
    const int64_t *mate = pool->members + pool->starts[group], count = pool->counts[group];
    int64_t able = 0;
    for (int64_t place = 0; place < count; place++)
        able += mate[place] != row && asked->gates[pool->gate[mate[place]]] &&
                asked->timely[mate[place]];
    float share = (float)((double)able / (double)(count - 1));
    return packed(rintf(share * (float)asked->company), asked->company);
}

static void look(const Pool *pool, const Asked *asked, const Listing *listing, int64_t begin,
                 int64_t end, int64_t placed, Found *found)
{
    const int64_t *sums = asked->sums, *begins = asked->begins, *there = asked->there;
    const int64_t company = packed(rint(asked->company), asked->company);
    for (int64_t entry = begin; entry < end; entry++) {
        const int32_t *fact = listing->facts[entry];
        int64_t sum = placed + sums[begins[1] + (fact[1] & there[1])] +
                      sums[begins[2] + (fact[2] & there[2])] +
                      sums[begins[3] + (fact[3] & there[3])] +
                      sums[begins[4] + (fact[4] & there[4])];
        int32_t group = fact[GROUP];
        double extra = asked->company * (group != 0), share = (double)(sum & LOW) + extra;
        int able = (fact[BORN] <= asked->born) & (fact[BORN] > asked->born_after) &
                   (fact[FREE] <= asked->free) & (fact[EXPIRES] >= asked->today) &
                   asked->gates[fact[GATE]] & (share >= (double)found->least) &
                   ((double)(sum >> HALF) + extra >= found->need * share - SLACK);
        if (!able) /* one branch, seldom missed */
            continue;
        int64_t row = listing->people[entry];
        double term = asked->most != 0 ? asked->terms[pool->policy[row]] : 0;
        if (group != 0 && pool->counts[group] > 1) {
            if (merit_of(sum + company, term) < found->worst)
                continue;
            sum += company_of(pool, asked, row, group);
        }
        One one = {merit_of(sum, term), asked->ties[row], row};
        if (one.merit < found->worst || (one.merit == found->worst && one.tie > found->last))
            continue;
        uint8_t bit = (uint8_t)(1 << (row & 7));
        if (found->seen[row >> 3] & bit) /* by a nearer wish, or changed since the lists were made */
            continue;
        found->seen[row >> 3] |= bit;
        found->best[found->count++] = one;
        if (found->count == found->room || (found->count == asked->size && found->worst < 0))
            mark(found, asked);
    }
}

static int hopeless(int64_t sum, double rest, double need)
{
    return (double)(sum >> HALF) + rest < need * ((double)(sum & LOW) + rest) - SLACK;
}

/* Look at everybody on some lists who may rank among the best. */
void jobfair_scan(const Pool *pool, const Asked *asked, const Listing *listing, const Lists *lists,
                  Found *found)
{
    for (int64_t list = 0; list < lists->count; list++) {
        int64_t own = lists->likeness[list];
        if (hopeless(own, asked->rest, found->need))
            continue;
        for (int64_t run = lists->firsts[list]; run < lists->ends[list]; run++) {
            int64_t begin = listing->runs[run], end = listing->runs[run + 1];
            int64_t place = listing->facts[begin][PLACE] & asked->there[PLACE];
            int64_t placed = own + asked->sums[asked->begins[PLACE] + place];
            if (!hopeless(placed, asked->unplaced, found->need))
                look(pool, asked, listing, begin, end, placed, found);
        }
    }
}

static int in_order(const void *one, const void *other)
{
    return before(other, one) - before(one, other);
}

/* Put all that were found in order, the best first. */
void jobfair_sort(const Found *found)
{
    qsort(found->best, (size_t)found->count, sizeof(One), in_order);
}
