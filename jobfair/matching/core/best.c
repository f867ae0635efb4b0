/* The best people of alike positions in one pass: the loop of compiled.py, whose words hold here.
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

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
/* Chosen when the library is loaded; the same steps, a fifth less time on a newer processor. */
#define FOR_THIS_PROCESSOR __attribute__((target_clones("arch=haswell", "default")))
#else
#define FOR_THIS_PROCESSOR
#endif

#define TABLES 5
enum { PLACE, WAGE, SKILLS, EXPERIENCE, EDUCATION }; /* score.COLUMN_OF */

typedef struct { /* see SeekerColumns.facts */
    int32_t wage, skills, gate;
    uint8_t experience, education, grouped, nothing;
} Facts;

typedef struct { /* what is the same for all positions */
    const int64_t *members, *starts, *counts; /* of travel groups, see index.Members */
    const int64_t *gate, *policy, *group;     /* of each row */
    const int64_t *ties;                      /* of each row, what decides among equals */
    double occupation, priority;              /* weight of the wish, and of the policy term */
    double company, margin;                   /* weight of the travel group; see score.MARGIN */
    int64_t size;                             /* how many are wanted */
} Pool;

typedef struct {
    /* What table t gives to a fact is tables[t][fact & there[t]]. */
    const int64_t *tables[TABLES];
    int64_t there[TABLES];
    const uint8_t *gates, *timely; /* of each gate and each row: open, in time */
    const double *terms;           /* the policy term of each policy */
    const int64_t *kinds;          /* how many are in time, of each gate */
    int64_t gates_count;
    double rest, unplaced; /* weight of all tables, and of all but the place */
} Asked;

typedef struct { /* people side by side, and where a run of them begins; see index.WishIndex */
    const int64_t *people, *runs, *places;
    const Facts *facts;
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
    int64_t over, eligible;     /* nobody on farther lists can be among the best; how many may be */
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
static void mark(Found *found, const Pool *pool)
{
    keep_best(found->best, found->count, pool->size);
    found->count = pool->size;
    const One *last = &found->best[pool->size - 1];
    int64_t points = last->merit >> KNOWN_BITS, known = last->merit & ((1 << KNOWN_BITS) - 1);
    found->worst = last->merit;
    found->last = last->tie;
    found->need = ((double)points - 0.5) / MILLION - pool->priority;
    /* Nobody has more points than all; of the same points who is known better comes first. */
    found->least = points == MILLION && pool->priority == 0 ? (known - 1) * WHOLE / KNOWN : 0;
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
    return packed(rintf(share * (float)pool->company), pool->company);
}

static inline __attribute__((always_inline)) void look(const Pool *pool, const Asked *asked,
                                                       const Listing *listing,
                                                       const uint8_t *timely, int64_t begin,
                                                       int64_t end, int64_t placed, Found *found)
{
    const int64_t *const *tables = asked->tables, *there = asked->there;
    const int64_t company = packed(rint(pool->company), pool->company);
    for (int64_t entry = begin; entry < end; entry++) {
        Facts fact = listing->facts[entry];
        int64_t sum = placed + tables[WAGE][fact.wage & there[WAGE]] +
                      tables[SKILLS][fact.skills & there[SKILLS]] +
                      tables[EXPERIENCE][fact.experience & there[EXPERIENCE]] +
                      tables[EDUCATION][fact.education & there[EDUCATION]];
        double extra = pool->company * fact.grouped, share = (double)(sum & LOW) + extra;
        int able = timely[entry] & asked->gates[fact.gate] & (share >= (double)found->least) &
                   ((double)(sum >> HALF) + extra >= found->need * share - SLACK);
        if (!able) /* one branch, seldom missed */
            continue;
        int64_t row = listing->people[entry];
        double term = pool->priority != 0 ? asked->terms[pool->policy[row]] : 0;
        int64_t group = pool->group[row];
        if (group != 0 && pool->counts[group] > 1) {
            if (merit_of(sum + company, term) < found->worst)
                continue;
            sum += company_of(pool, asked, row, group);
        }
        One one = {merit_of(sum, term), pool->ties[row], row};
        if (one.merit < found->worst || (one.merit == found->worst && one.tie > found->last))
            continue;
        uint8_t bit = (uint8_t)(1 << (row & 7));
        if (found->seen[row >> 3] & bit) /* by a nearer wish, or changed since the lists were made */
            continue;
        found->seen[row >> 3] |= bit;
        found->best[found->count++] = one;
        if (found->count == found->room || (found->count == pool->size && found->worst < 0))
            mark(found, pool);
    }
}

static int hopeless(int64_t sum, double rest, double need)
{
    return (double)(sum >> HALF) + rest < need * ((double)(sum & LOW) + rest) - SLACK;
}

static inline __attribute__((always_inline)) void scan(const Pool *pool, const Asked *asked,
                                                       const Listing *listing,
                                                       const uint8_t *timely, const Lists *lists,
                                                       Found *found)
{
    for (int64_t list = 0; list < lists->count; list++) {
        int64_t own = lists->likeness[list];
        if (hopeless(own, asked->rest, found->need))
            continue;
        for (int64_t run = lists->firsts[list]; run < lists->ends[list]; run++) {
            int64_t begin = listing->runs[run], end = listing->runs[run + 1];
            int64_t place = listing->places[run] & asked->there[PLACE];
            int64_t placed = own + asked->tables[PLACE][place];
            if (!hopeless(placed, asked->unplaced, found->need))
                look(pool, asked, listing, timely, begin, end, placed, found);
        }
    }
}

/* A likeness below which nobody joins the best; see Scorer.least_likeness. */
static double least_likeness(const Pool *pool, const Asked *asked, const Found *found)
{
    double target = (double)(found->worst >> KNOWN_BITS) / MILLION - pool->priority - pool->margin;
    double own = pool->occupation;
    return own ? (target * (own + asked->rest) - asked->rest) / own - pool->margin : 0;
}

/* Look, for each of some positions, at everybody on some lists who may rank among the best; those
 * of a position are over once nobody of less than a likeness can. Return how many are not over. */
FOR_THIS_PROCESSOR
int64_t jobfair_scan(const Pool *pool, const Asked *asked, Found *found, int64_t count,
                     const Listing *listing, const uint8_t *const *timely, const Lists *lists,
                     double least)
{
    int64_t open = 0;
    for (int64_t place = 0; place < count; place++) {
        Found *one = &found[place];
        if (one->over)
            continue;
        scan(pool, &asked[place], listing, timely[place], lists, one);
        one->over = one->worst >= 0 && least_likeness(pool, &asked[place], one) > least;
        open += !one->over;
    }
    return open;
}

/* Take some rows for seen, for each of some positions. */
void jobfair_leave_out(Found *found, int64_t count, const int64_t *rows, int64_t length)
{
    for (int64_t place = 0; place < count; place++)
        for (int64_t number = 0; number < length; number++)
            found[place].seen[rows[number] >> 3] |= (uint8_t)(1 << (rows[number] & 7));
}

/* Put some in order, the best first: Shell's method with Ciura's steps, for a few hundred. */
static void sort(One *best, int64_t count)
{
    static const int64_t steps[] = {701, 301, 132, 57, 23, 10, 4, 1};
    for (int64_t number = 0; number < 8; number++)
        for (int64_t step = steps[number], place = step; place < count; place++) {
            One one = best[place];
            int64_t free = place;
            for (; free >= step && before(&one, &best[free - step]); free -= step)
                best[free] = best[free - step];
            best[free] = one;
        }
}

/* Put the best in order, and count the eligible; the wishless, to whom no likeness applies, are
 * looked at before that. */
FOR_THIS_PROCESSOR
void jobfair_finish(const Pool *pool, const Asked *asked, Found *found, int64_t count,
                    const Listing *listing, const uint8_t *const *timely, const Lists *wishless)
{
    for (int64_t place = 0; place < count; place++) {
        const Asked *one = &asked[place];
        Found *own = &found[place];
        scan(pool, one, listing, timely[place], wishless, own);
        if (own->count > pool->size)
            mark(own, pool);
        sort(own->best, own->count);
        for (int64_t gate = 0; gate < one->gates_count; gate++)
            own->eligible += one->gates[gate] ? one->kinds[gate] : 0;
    }
}

/* Say for everybody on a listing whether they are in time, and count those of each gate. */
void jobfair_in_time(const uint8_t *timely, const int64_t *gate, int64_t rows,
                     const int64_t *people, int64_t entries, uint8_t *listed, int64_t *kinds)
{
    for (int64_t row = 0; row < rows; row++)
        kinds[gate[row]] += timely[row];
    for (int64_t entry = 0; entry < entries; entry++)
        listed[entry] = timely[people[entry]];
}
