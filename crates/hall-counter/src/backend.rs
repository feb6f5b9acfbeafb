//! The way to the hub: follows its stream and carries out orders, off the screen's thread.

use hall_client::{ClientError, Hub, follow};
use hall_core::CounterNumber;
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
    let done = match order {
        Order::CallNext => return hub.call_next(counter).await.map(Reply::Call),
        Order::Recall => return hub.recall(counter).await.map(Reply::Call),
        Order::Open => hub.open(counter).await?,
        Order::Start => hub.start(counter).await?,
        Order::Finish => hub.finish(counter).await?,
        Order::NoShow => hub.no_show(counter).await?,
        Order::Transfer(service) => hub.transfer(counter, service).await?,
        Order::Pause(reason) => hub.pause(counter, reason).await?,
        Order::Close => hub.close(counter).await?,
    };
    Ok(Reply::Done { seq: done.seq })
}

fn log(counter: CounterNumber, order: &Order, answer: &Result<Reply, ClientError>) {
    match answer {
        Ok(Reply::Call(call)) => match &call.ticket {
            Some(ticket) if *order == Order::CallNext => {
                tracing::info!(number = %ticket.number, seq = call.seq, counter = counter.0, "called");
            }
            Some(ticket) => {
                tracing::info!(number = %ticket.number, calls = ticket.calls, seq = call.seq, counter = counter.0, "recalled");
            }
            None => tracing::info!(counter = counter.0, "nobody waits"),
        },
        Ok(Reply::Done { seq }) => tracing::info!(?order, seq, counter = counter.0, "done"),
        Err(error) => tracing::warn!(?order, counter = counter.0, code = error.code(), %error, "not done"),
    }
}
