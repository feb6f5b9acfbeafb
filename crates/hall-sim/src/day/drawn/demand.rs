//! What citizens come for and when: as much of each service as the hall is staffed for, in two waves a day.

use std::collections::HashMap;

use hall_core::plan::Service;
use hall_core::{BusinessDay, Plan, ServiceId, TimeBand, Timestamp};

use super::chance::Chance;

/// How many come in each sixth of a wave, on average 1.
const WAVE: [f64; 6] = [0.85, 1.3, 1.5, 1.2, 0.75, 0.4];
/// Bands of the clock longer than this have two waves.
const WAVE_MIN_MAX: u16 = 300;

/// The services of a day and their share of the citizens.
pub(super) struct Demand<'a> {
    pub services: Vec<Asked<'a>>,
    weights: Vec<f64>,
    index: HashMap<&'a ServiceId, usize>,
}

/// A service of the plan.
pub(super) struct Asked<'a> {
    pub service: &'a Service,
    /// The other services of the same department.
    pub beside: Vec<usize>,
    waves: Vec<TimeBand>,
    wave_min: Vec<f64>,
}

impl<'a> Demand<'a> {
    pub fn on(plan: &'a Plan, day: BusinessDay) -> Self {
        let index: HashMap<_, _> = plan.services.iter().enumerate().map(|(i, it)| (&it.id, i)).collect();
        let services: Vec<Asked<'_>> =
            plan.services.iter().map(|service| Asked::on(plan, service, day)).collect();
        let mut weights = vec![0.0; services.len()];
        for counter in &plan.counters {
            // A counter's time goes to its services in equal shares.
            for asked in counter.services.iter().filter_map(|id| index.get(id)) {
                let Asked { service, wave_min, .. } = &services[*asked];
                let served = wave_min.iter().sum::<f64>() / f64::from(service.expected_min.max(1));
                weights[*asked] += served / counter.services.len() as f64;
            }
        }
        Self { services, weights, index }
    }

    /// One of the services.
    pub fn pick(&self, chance: &mut Chance) -> Option<usize> {
        chance.weighted(&self.weights)
    }

    pub fn get(&self, id: &ServiceId) -> Option<&Asked<'a>> {
        self.index.get(id).map(|i| &self.services[*i])
    }
}

impl<'a> Asked<'a> {
    fn on(plan: &'a Plan, service: &'a Service, day: BusinessDay) -> Self {
        let waves: Vec<TimeBand> = plan.hours_on(service, day).flat_map(waves_of).collect();
        let wave_min = waves.iter().map(|wave| f64::from(wave.to_min - wave.from_min)).collect();
        let beside = plan.services.iter().enumerate();
        let beside = beside.filter(|(_, it)| it.department == service.department && it.id != service.id);
        Self { service, beside: beside.map(|(i, _)| i).collect(), waves, wave_min }
    }

    /// When somebody comes for it; none when it gives no numbers that day.
    pub fn moment(&self, plan: &Plan, day: BusinessDay, chance: &mut Chance) -> Option<Timestamp> {
        let wave = self.waves[chance.weighted(&self.wave_min)?];
        let part = chance.weighted(&WAVE)? as f64 + chance.share();
        let within_ms = f64::from(wave.to_min - wave.from_min) * 60_000.0 * part / WAVE.len() as f64;
        Some(Timestamp::at(day, wave.from_min, plan.hall.utc_offset).plus_ms(within_ms as i64))
    }
}

fn waves_of(band: TimeBand) -> Vec<TimeBand> {
    let TimeBand { from_min, to_min } = band;
    if to_min - from_min <= WAVE_MIN_MAX {
        return vec![band];
    }
    let middle = from_min.midpoint(to_min);
    vec![TimeBand { from_min, to_min: middle }, TimeBand { from_min: middle, to_min }]
}
