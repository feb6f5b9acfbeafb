//! From the hub's reply to what the slip says.

use hall_api::IssuedTicket;
use hall_core::{ClassId, Plan};
use hall_print::{Bilingual, Slip};

use crate::whereabouts::{in_one_line, places};
use crate::words;

/// The slip of a ticket; its `copy`-th reprint, unless that is 0.
pub fn slip(ticket: &IssuedTicket, plan: &Plan, copy: u32) -> Slip {
    let service = plan.service(&ticket.service);
    let place = in_one_line(&places(plan, &ticket.service));
    let class = plan.class(&ticket.class).filter(|class| class.id != ClassId::ordinary());
    let wait = ticket.wait.map(words::wait);
    let notes = plan.hall.slip_notes.iter().map(|note| Bilingual::new(note, ""));
    Slip {
        hall: Bilingual::new(&plan.hall.name, &plan.hall.name_en),
        service: service.map(|service| Bilingual::new(&service.name, &service.name_en)).unwrap_or_default(),
        number: ticket.number.to_string(),
        people_ahead: ticket.ahead,
        where_to_go: Bilingual::new(place.zh, place.en),
        issued_at: ticket.issued_at.civil(plan.hall.utc_offset).strftime("%Y-%m-%d %H:%M").to_string(),
        expected_wait: wait.map(|wait| Bilingual::new(wait.zh, wait.en)),
        follow_code: Some(follow_text(plan, &ticket.follow_code)),
        class: class.map(|class| Bilingual::new(&class.name, &class.name_en)),
        notes: notes.collect(),
        reprint: copy,
    }
}

/// What the code on the slip leads to.
fn follow_text(plan: &Plan, code: &str) -> String {
    match &plan.hall.follow_url {
        Some(url) => url.replace("{code}", code),
        None => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use hall_api::WaitForecast;
    use hall_core::TicketId;

    use super::*;

    fn plan() -> Plan {
        Plan::from_toml(include_str!("../../../halls/township.toml")).unwrap()
    }

    fn ticket(class: &str, ahead: u32) -> IssuedTicket {
        IssuedTicket {
            id: TicketId(7),
            number: "H012".into(),
            service: "household".into(),
            class: class.into(),
            ahead,
            issued_at: "2026-11-23T01:30:59Z".parse().unwrap(),
            follow_code: "1-5F3A9C0B12D4".into(),
            wait: None,
        }
    }

    #[test]
    fn the_slip_says_who_where_and_when() {
        let slip = slip(&ticket("ordinary", 3), &plan(), 2);
        assert_eq!(slip.hall, Bilingual::new("青禾镇便民服务中心", "Qinghe Town Service Centre"));
        assert_eq!(slip.service, Bilingual::new("户口登记与迁移", "Household registration"));
        assert_eq!((slip.number.as_str(), slip.people_ahead), ("H012", 3));
        assert_eq!(slip.issued_at, "2026-11-23 09:30", "hall time");
        assert!(slip.where_to_go.zh.starts_with("B区 1楼 "), "{:?}", slip.where_to_go);
        assert_eq!(slip.class, None);
        assert_eq!(slip.reprint, 2);
        assert_eq!(slip.notes, [Bilingual::new("过号请到咨询台", "")]);
    }

    #[test]
    fn a_class_with_priority_is_named() {
        let slip = slip(&ticket("elderly", 0), &plan(), 0);
        assert_eq!(slip.class, Some(Bilingual::new("老年人", "Senior citizen")));
    }

    #[test]
    fn the_wait_is_the_interval_of_the_forecast_and_unsaid_without_one() {
        let mut ticket = ticket("ordinary", 3);
        let printed = |ticket: &IssuedTicket| slip(ticket, &plan(), 0);
        assert_eq!(printed(&ticket).expected_wait, None);
        ticket.wait = Some(WaitForecast { p50_min: 12, p90_min: 25 });
        let expect = Bilingual::new("约 12–25 分钟", "about 12–25 min");
        assert_eq!(printed(&ticket).expected_wait, Some(expect));
    }

    #[test]
    fn the_code_leads_to_the_halls_own_page_if_it_has_one() {
        let check = |url: Option<&str>, expect: &str| {
            let mut plan = plan();
            plan.hall.follow_url = url.map(str::to_owned);
            assert_eq!(slip(&ticket("ordinary", 0), &plan, 0).follow_code.as_deref(), Some(expect));
        };
        check(None, "1-5F3A9C0B12D4");
        check(Some("http://10.0.0.2/t/{code}?from=slip"), "http://10.0.0.2/t/1-5F3A9C0B12D4?from=slip");
    }
}
