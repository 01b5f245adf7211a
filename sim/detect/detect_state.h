/* The inside of the detectors together: each with its own state, and what they have found. */
#ifndef SIM_DETECT_DETECT_STATE_H
#define SIM_DETECT_DETECT_STATE_H

#include "sim/detect/aba.h"
#include "sim/detect/cancel.h"
#include "sim/detect/check_then_act.h"
#include "sim/detect/data_race.h"
#include "sim/detect/detect.h"
#include "sim/detect/failure.h"
#include "sim/detect/holding.h"
#include "sim/detect/inversion.h"
#include "sim/detect/livelock.h"
#include "sim/detect/lock_order.h"
#include "sim/detect/lost_update.h"
#include "sim/detect/mistake.h"
#include "sim/detect/property.h"
#include "sim/detect/screen.h"
#include "sim/detect/starvation.h"
#include "sim/detect/stuck.h"
#include "sim/detect/track.h"
#include "sim/detect/wakeup.h"

/* Of kinds that may come often, and of those that come once a run. */
enum { FINDINGS_MAX = 64, SINGLES_MAX = 16 };

_Static_assert(SIM_FINDING_COUNT <= 64, "kinds are bits of a word");

/* What has become of the execution at hand. */
enum stage {
    BEGUN,    /* nothing has happened yet: the state of all detectors is that of an older one */
    SCREENED, /* it has ended; the state of those is its own who look at every run */
    WATCHED,  /* all are told of every event */
};

struct detectors {
    struct sink sink; /* first */
    enum stage stage;
    const struct registry *registry;
    struct screen screen;
    struct track track;
    struct lost_update lost_update;
    struct data_race data_race;
    struct failure failure;
    struct mistakes mistakes;
    struct lock_order lock_order;
    struct wakeups wakeups;
    struct holding holding;
    struct check_then_act check_then_act;
    struct aba aba;
    struct livelock livelock;
    struct cancels cancels;
    struct properties_broken properties;
    struct starvation starvation;
    struct inversion inversion;
    struct sim_finding aside[STUCK_MAX]; /* who was stuck while others went on */
    int aside_count;
    struct sim_finding *findings; /* FINDINGS_MAX + SINGLES_MAX; owned */
    size_t count;
    bool written; /* findings are those of the last execution */
};

/* Tell all that was found in words, errors first. */
void detect_write_findings(struct detectors *detectors);

#endif
