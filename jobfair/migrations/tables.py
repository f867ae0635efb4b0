"""Imports every room's tables, so that the metadata is whole."""

import jobfair.accounts.models
import jobfair.allocations.models
import jobfair.attendance.models
import jobfair.capacity.models
import jobfair.cards.models
import jobfair.departures.models
import jobfair.duties.models
import jobfair.employers.models
import jobfair.evidence.models
import jobfair.fairs.models
import jobfair.findings.models
import jobfair.follow_ups.models
import jobfair.fulfilment.models
import jobfair.hall.models
import jobfair.interviews.models
import jobfair.invitations.models
import jobfair.kit.audit
import jobfair.kit.changes
import jobfair.ledgers.models
import jobfair.matching.models
import jobfair.notices.models
import jobfair.occupations.models
import jobfair.offers.models
import jobfair.ownership.models
import jobfair.paper.models
import jobfair.placements.models
import jobfair.queues.models
import jobfair.regions.models
import jobfair.school.models
import jobfair.seekers.models
import jobfair.stations.models
import jobfair.subsidies.models
import jobfair.tallies.models
import jobfair.uplink.models
import jobfair.venues.models
import jobfair.walk_ins.models  # noqa: F401
