//! The way to the hub: follows its stream and carries out orders, off the screen's thread.

use hall_api::TicketReply;
use hall_client::{ClientError, Hub, follow};
use hall_core::{ClassId, CounterNumber};
use tokio::sync::mpsc;

use crate::action::Order;
use crate::model::{Msg, Reply};

/// Runs until the window is gone.
pub async fn run(
    hub: Hub,
    counter: CounterNumber,
    orders: mpsc::Receiver<Order>,
    messages: mpsc::Sender<Msg>,
) {
    tokio::select! {
        () = follow(hub.clone(), messages.clone(), Msg::Heard) => {}
        () = carry_out_all(&hub, counter, orders, &messages) => {}
    }
}

async fn carry_out_all(
    hub: &Hub,
    counter: CounterNumber,
    mut orders: mpsc::Receiver<Order>,
    messages: &mpsc::Sender<Msg>,
) {
    while let Some(order) = orders.recv().await {
        let answer = carry_out(hub, counter, &order).await;
        log(counter, &order, &answer);
        if messages.send(Msg::Answered(answer)).await.is_err() {
            return;
        }
    }
}

async fn carry_out(hub: &Hub, counter: CounterNumber, order: &Order) -> Result<Reply, ClientError> {
    let for_ticket = |done: TicketReply| Reply::Done { seq: done.seq };
    let done = match order {
        Order::CallNext => return hub.call_next(counter).await.map(Reply::Call),
        Order::CallTicket(ticket) => return hub.call_ticket(counter, *ticket).await.map(Reply::Call),
        Order::Recall => return hub.recall(counter).await.map(Reply::Call),
        Order::Resume(ticket) => return hub.resume(*ticket).await.map(for_ticket),
        Order::Reinstate(ticket) => return hub.reinstate(*ticket).await.map(for_ticket),
        Order::Cancel(ticket) => return hub.cancel(*ticket).await.map(for_ticket),
        Order::Abandon(ticket) => return hub.abandon(*ticket).await.map(for_ticket),
        Order::Reprint { ticket, printer } => {
            let ordered = hub.order_reprint(*ticket, printer, Some(counter)).await?;
            return Ok(Reply::Done { seq: ordered.seq });
        }
        Order::Open(None) => hub.open(counter).await?,
        Order::Open(Some(staff)) => hub.open_as(counter, staff).await?,
        Order::Start => hub.start(counter).await?,
        Order::ServeDirect(service) => hub.serve_direct(counter, service, &ClassId::ordinary()).await?,
        Order::Finish => hub.finish(counter).await?,
        Order::FinishHere => hub.finish_here(counter).await?,
        Order::NoShow => hub.no_show(counter).await?,
        Order::Park { remind_after_min } => hub.park(counter, *remind_after_min).await?,
        Order::Transfer(to) => hub.transfer(counter, to.clone()).await?,
        Order::SendOn { legs, and_back } => hub.send_on(counter, legs, *and_back).await?,
        Order::Pause(reason) => hub.pause(counter, reason).await?,
        Order::Close => hub.close(counter).await?,
        Order::SetProfile(profile) => hub.set_profile(counter, profile).await?,
        Order::ResetProfile => hub.reset_profile(counter).await?,
    };
    Ok(Reply::Done { seq: done.seq })
}

fn log(counter: CounterNumber, order: &Order, answer: &Result<Reply, ClientError>) {
    match answer {
        Ok(Reply::Call(call)) => match &call.ticket {
            Some(ticket) if *order == Order::Recall => {
                tracing::info!(number = %ticket.number, calls = ticket.calls, seq = call.seq, counter = counter.0, "recalled");
            }
            Some(ticket) => {
                tracing::info!(number = %ticket.number, seq = call.seq, counter = counter.0, "called");
            }
            None => tracing::info!(counter = counter.0, "nobody waits"),
        },
        Ok(Reply::Done { seq }) => tracing::info!(?order, seq, counter = counter.0, "done"),
        Err(error) => tracing::warn!(?order, counter = counter.0, code = error.code(), %error, "not done"),
    }
}
