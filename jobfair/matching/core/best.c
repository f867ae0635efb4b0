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
#define AT_ONCE 64 /* how many people are looked at before some are judged */
#define SLACK 3 /* of WHOLE, above the rounding of a comparison */
#define FINE 20 /* bits of a mean in whole numbers */

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && __GNUC__ >= 12 && !defined(__clang__)
/* Chosen when the library is loaded; the same steps, a fifth less time on a newer processor. */
#define FOR_THIS_PROCESSOR __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define FOR_THIS_PROCESSOR
#endif
#ifdef __GNUC__
#define PREFETCH __builtin_prefetch
#else
#define PREFETCH(address)
#endif
/* So that it is compiled for the processor that its caller is compiled for. */
#define PART_OF_IT static inline __attribute__((always_inline))

#define TABLES 5
enum { PLACE, WAGE, SKILLS, EXPERIENCE, EDUCATION }; /* score.COLUMN_OF */

typedef struct { /* see SeekerColumns.facts */
    int32_t wage, skills, gate;
    uint8_t experience, education, grouped, nothing;
} Facts;

typedef struct { /* what a row tells beside its facts; see compiled._ROW */
    int32_t gate, policy, group, place; /* place: of whoever is better among equals the lower */
} Row;

typedef struct {                              /* what is the same for all positions */
    const int64_t *members, *starts, *counts; /* of travel groups, see index.Members */
    const Row *rows;
    const int64_t *nothing; /* what a table gives where nothing is asked: as long as the longest */
    double weights[TABLES], occupation, company; /* company: 0 where nobody has a group */
    double priority, margin;                     /* weight of the policy term; score.MARGIN */
    int64_t size, room;                          /* how many are wanted, and kept meanwhile */
    int64_t bytes;                               /* of what is seen for a position */
    int64_t tie_bits;                            /* how many hold a place among equals */
} Pool;

typedef struct {
    const int64_t *tables[TABLES]; /* what each gives to a fact; null where nothing is asked */
    const uint8_t *gates, *timely; /* of each gate and each row: open, in time */
    const double *terms;           /* the policy term of each policy */
    const int64_t *kinds;          /* how many are in time, of each gate */
    int64_t gates_count;
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
    uint64_t worst;      /* key of the last of the best; 0 while there are too few */
    double need;         /* its mean of the components */
    int64_t least;       /* its known weight */
    int64_t count;       /* how many keys were found */
    int64_t over;        /* nobody on farther lists can be among the best */
    int64_t eligible;    /* how many may be */
} Found;

typedef struct { /* a position as it is compared, and where what is found for it goes */
    const Pool *pool;
    const Asked *asked;
    Found *found;
    uint64_t *best; /* keys, see key_of */
    uint8_t *seen;  /* a bit for each row */
    const int64_t *tables[TABLES];
    double rest, unplaced; /* weight of all tables, and of all but the place */
} Question;

PART_OF_IT int64_t packed(double value, double weight)
{
    return ((int64_t)value << HALF) + (int64_t)rint(weight);
}

/* Points and what is known in one number that compares; see Scorer. */
PART_OF_IT int64_t merit_of(int64_t sums, double term)
{
    int64_t share = sums & LOW;
    double mean = (double)(sums >> HALF) / (double)(share ? share : 1);
    int64_t points = (int64_t)rint(((mean < 1.0 ? mean : 1.0) + term) * MILLION);
    return (points << KNOWN_BITS) + (share * KNOWN + WHOLE / 2) / WHOLE;
}

/* Who comes before whom in one number: merit, then the place among equals. */
PART_OF_IT uint64_t key_of(const Pool *pool, int64_t merit, int32_t place)
{
    uint64_t lowest = (1ULL << pool->tie_bits) - 1;
    return ((uint64_t)merit << pool->tie_bits) + (lowest - (uint64_t)place);
}

static void swap(uint64_t *one, uint64_t *other)
{
    uint64_t kept = *one;
    *one = *other;
    *other = kept;
}

/* Bring the greatest keys to the front (quickselect, after Lomuto without branches). */
static void keep_best(uint64_t *best, int64_t count, int64_t size)
{
    int64_t low = 0, high = count - 1;
    while (low < high) {
        uint64_t *middle = &best[(low + high) / 2];
        if (best[low] < *middle)
            swap(&best[low], middle);
        if (*middle < best[high])
            swap(middle, &best[high]);
        if (best[low] < *middle)
            swap(&best[low], middle);
        swap(middle, &best[high]); /* the second of three */
        uint64_t pivot = best[high];
        int64_t border = low;
        for (int64_t place = low; place < high; place++) {
            uint64_t key = best[place];
            best[place] = best[border];
            best[border] = key;
            border += key > pivot;
        }
        swap(&best[high], &best[border]);
        if (border == size || border == size - 1)
            return;
        if (border > size)
            high = border - 1;
        else
            low = border + 1;
    }
}

/* Leave the best of all found and note what it takes to join them. */
static void mark(const Question *own)
{
    const Pool *pool = own->pool;
    Found *found = own->found;
    keep_best(own->best, found->count, pool->size);
    found->count = pool->size;
    uint64_t worst = own->best[0];
    for (int64_t place = 1; place < pool->size; place++)
        worst = own->best[place] < worst ? own->best[place] : worst;
    int64_t merit = (int64_t)(worst >> pool->tie_bits);
    int64_t points = merit >> KNOWN_BITS, known = merit & ((1 << KNOWN_BITS) - 1);
    found->worst = worst;
    found->need = ((double)points - 0.5) / MILLION - pool->priority;
    /* Nobody has more points than all; of the same points who is known better comes first. */
    found->least = points == MILLION && pool->priority == 0 ? (known - 1) * WHOLE / KNOWN : 0;
}

/* What the travel group of a row adds; see Scorer.packed. */
PART_OF_IT int64_t company_of(const Pool *pool, const Asked *asked, int64_t row, int64_t group)
{
    const int64_t *mate = pool->members + pool->starts[group], count = pool->counts[group];
    int64_t able = 0;
    for (int64_t place = 0; place < count; place++)
        able += mate[place] != row && asked->gates[pool->rows[mate[place]].gate] &&
                asked->timely[mate[place]];
    float share = (float)((double)able / (double)(count - 1));
    return packed(rintf(share * (float)pool->company), pool->company);
}

/* Count somebody among the best who is, told by their facts and by what these add up to. */
PART_OF_IT void judge(const Question *own, int64_t row, int64_t sum)
{
    const Pool *pool = own->pool;
    const Asked *asked = own->asked;
    Found *found = own->found;
    Row whose = pool->rows[row];
    double term = pool->priority != 0 ? asked->terms[whose.policy] : 0;
    if (whose.group != 0 && pool->counts[whose.group] > 1) {
        int64_t most = sum + packed(rint(pool->company), pool->company);
        if (key_of(pool, merit_of(most, term), 0) < found->worst)
            return;
        sum += company_of(pool, asked, row, whose.group);
    }
    uint64_t key = key_of(pool, merit_of(sum, term), whose.place);
    uint8_t *seen = &own->seen[row >> 3], bit = (uint8_t)(1 << (row & 7));
    /* Seen: by a nearer wish, or changed since the lists were made. */
    if ((key < found->worst) | !asked->timely[row] | ((*seen & bit) != 0))
        return;
    *seen |= bit;
    own->best[found->count++] = key;
    if (found->count == pool->room || (found->count == pool->size && found->worst == 0))
        mark(own);
}

/* Look at some people: first, without a branch, at all; then at who may be among the best. */
PART_OF_IT void look(const Question *own, const Listing *listing, int64_t begin, int64_t end,
                     int64_t placed)
{
    const Pool *pool = own->pool;
    const uint8_t *gates = own->asked->gates, *timely = own->asked->timely;
    const int64_t *const *tables = own->tables;
    const int64_t company = packed(rint(pool->company), pool->company);
    int64_t rows[AT_ONCE], sums[AT_ONCE];
    while (begin < end) {
        const int64_t need = (int64_t)floor(own->found->need * (1 << FINE));
        const int64_t least = own->found->least;
        int64_t until = end - begin < AT_ONCE ? end : begin + AT_ONCE, count = 0;
        for (; begin < until; begin++) {
            Facts fact = listing->facts[begin];
            int64_t sum = placed + tables[WAGE][fact.wage] + tables[SKILLS][fact.skills] +
                          tables[EXPERIENCE][fact.experience] + tables[EDUCATION][fact.education];
            int64_t most = sum + (company & -(int64_t)fact.grouped), share = most & LOW;
            rows[count] = begin;
            sums[count] = sum;
            count += gates[fact.gate] & (share >= least) &
                     (((most >> HALF) + SLACK) << FINE >= need * share);
        }
        for (int64_t number = 0; number < count; number++) {
            rows[number] = listing->people[rows[number]];
            PREFETCH(&pool->rows[rows[number]]);
            PREFETCH(&timely[rows[number]]);
        }
        for (int64_t number = 0; number < count; number++)
            judge(own, rows[number], sums[number]);
    }
}

PART_OF_IT int hopeless(int64_t sum, double rest, double need)
{
    return (double)(sum >> HALF) + rest < need * ((double)(sum & LOW) + rest) - SLACK;
}

PART_OF_IT void scan(const Question *own, const Listing *listing,
                                                       const Lists *lists)
{
    const Found *found = own->found;
    for (int64_t list = 0; list < lists->count; list++) {
        int64_t likeness = lists->likeness[list];
        if (hopeless(likeness, own->rest, found->need))
            continue;
        for (int64_t run = lists->firsts[list]; run < lists->ends[list]; run++) {
            int64_t placed = likeness + own->tables[PLACE][listing->places[run]];
            if (!hopeless(placed, own->unplaced, found->need))
                look(own, listing, listing->runs[run], listing->runs[run + 1], placed);
        }
    }
}

/* One of several positions; what is found stands side by side. */
static Question question(const Pool *pool, const Asked *asked, Found *found, uint64_t *best,
                         uint8_t *seen, int64_t number)
{
    Question own = {pool, &asked[number], &found[number], best + number * pool->room,
                    seen + number * pool->bytes, {0}, pool->company, 0};
    for (int table = 0; table < TABLES; table++) {
        const int64_t *given = asked[number].tables[table];
        own.tables[table] = given ? given : pool->nothing;
        own.rest += given ? pool->weights[table] : 0;
    }
    own.unplaced = own.rest - (asked[number].tables[PLACE] ? pool->weights[PLACE] : 0);
    return own;
}

/* A likeness below which nobody joins the best; see Scorer.least_likeness. */
static double least_likeness(const Question *own)
{
    const Pool *pool = own->pool;
    int64_t points = (int64_t)(own->found->worst >> pool->tie_bits) >> KNOWN_BITS;
    double target = (double)points / MILLION - pool->priority - pool->margin;
    double most = pool->occupation;
    return most ? (target * (most + own->rest) - own->rest) / most - pool->margin : 0;
}

/* Look, for each of some positions, at everybody on some lists who may rank among the best; those
 * of a position are over once nobody of less than a likeness can. Return how many are not over. */
FOR_THIS_PROCESSOR
int64_t jobfair_scan(const Pool *pool, const Asked *asked, Found *found, uint64_t *best,
                     uint8_t *seen, int64_t count, const Listing *listing, const Lists *lists,
                     double least)
{
    int64_t open = 0;
    for (int64_t number = 0; number < count; number++) {
        if (found[number].over)
            continue;
        Question own = question(pool, asked, found, best, seen, number);
        scan(&own, listing, lists);
        found[number].over = found[number].worst && least_likeness(&own) > least;
        open += !found[number].over;
    }
    return open;
}

/* Take some rows for seen, for each of some positions. */
void jobfair_leave_out(const Pool *pool, uint8_t *seen, int64_t count, const int64_t *rows,
                       int64_t length)
{
    for (int64_t number = 0; number < count; number++)
        for (int64_t place = 0; place < length; place++)
            seen[number * pool->bytes + (rows[place] >> 3)] |= (uint8_t)(1 << (rows[place] & 7));
}

/* Leave the best, in any order and zeros after them, and count the eligible; the wishless, to whom
 * no likeness applies, are looked at before that. */
FOR_THIS_PROCESSOR
void jobfair_finish(const Pool *pool, const Asked *asked, Found *found, uint64_t *best,
                    uint8_t *seen, int64_t count, const Listing *listing, const Lists *wishless)
{
    for (int64_t number = 0; number < count; number++) {
        Question own = question(pool, asked, found, best, seen, number);
        scan(&own, listing, wishless);
        if (own.found->count > pool->size)
            mark(&own);
        for (int64_t place = own.found->count; place < pool->size; place++)
            own.best[place] = 0;
        for (int64_t gate = 0; gate < own.asked->gates_count; gate++)
            own.found->eligible += own.asked->gates[gate] ? own.asked->kinds[gate] : 0;
    }
}

/* Count who is in time, of each gate. */
void jobfair_count(const uint8_t *timely, const int64_t *gate, int64_t rows, int64_t *kinds)
{
    for (int64_t row = 0; row < rows; row++)
        kinds[gate[row]] += timely[row];
}
