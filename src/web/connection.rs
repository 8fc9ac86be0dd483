//! Connections: given up when who asked keeps them waiting. The framework times the head of the
//! first request; here the heads after it are timed, bodies that nobody reads, and answers that
//! are asked for and not taken.

use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    rt::{
        net::TcpStream,
        time::{Instant, Sleep, sleep},
    },
};
use bytes::Bytes;
use socket2::SockRef;
use std::{
    cell::Cell,
    future::Future,
    io,
    mem::MaybeUninit,
    pin::Pin,
    rc::Rc,
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How long somebody may keep a connection waiting: for a body, for a next request, or with bytes
/// that were asked for and are not taken.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How often that is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Bytes that wait in the system for who reads slowly. What is on its way does not count, so
/// that fast readers far away are not slowed down.
#[cfg(target_os = "linux")]
const WAITING: u32 = 64 * 1024;

/// Bytes of an answer that a connection takes at once.
pub const SLICE: usize = 32 * 1024;

/// With so many waiting to go out it takes no more.
pub const ENOUGH: usize = 8 * 1024;

/// Bytes that are read before what they ask for is answered. The framework takes apart all that is there, into
/// 5 KB for each request, however many that are; so little is read at once, and nothing while an answer waits to go out.
const TAKEN: usize = 256;

static LEAVING: AtomicBool = AtomicBool::new(false);

/// From now on readiness says no, and every answer ends its connection: the process will stop.
pub fn leave() {
    LEAVING.store(true, Ordering::Relaxed);
}

/// Whether the process will stop.
pub fn leaving() -> bool {
    LEAVING.load(Ordering::Relaxed)
}

/// What a connection knows of its requests.
#[derive(Debug, Clone, Default)]
pub struct Requests(Rc<Known>);

#[derive(Debug, Default)]
struct Known {
    answering: Cell<usize>,
    spent: Cell<bool>,
}

/// A request that is being answered, until it is dropped.
#[derive(Debug)]
pub struct Answering(Requests);

impl Requests {
    /// Counts one more that is being answered.
    pub fn answering(&self) -> Answering {
        self.0.answering.set(self.0.answering.get() + 1);
        Answering(self.clone())
    }
}

impl Answering {
    /// Notes that who asked had all the time there is: the rest of the request is not waited for.
    pub fn spent(&self) {
        self.0.0.spent.set(true);
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        let answering = &self.0.0.answering;
        answering.set(answering.get().saturating_sub(1));
    }
}

/// An answer in slices, so that a slow reader's connection holds no more than one of them: the
/// bytes of kept answers are shared, and what a connection has to send is copied.
pub struct Slices {
    body: BoxBody,
    rest: Bytes,
}

impl Slices {
    /// Slices a body that is long, or whose length nobody knows.
    pub fn of(body: BoxBody) -> BoxBody {
        match body.size() {
            BodySize::Sized(bytes) if bytes > 2 * SLICE as u64 => {}
            BodySize::Stream => {}
            _ => return body,
        }
        let rest = Bytes::new();
        BoxBody::new(Self { body, rest })
    }
}

impl MessageBody for Slices {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.get_mut();
        if this.rest.is_empty() {
            match ready!(Pin::new(&mut this.body).poll_next(context)) {
                Some(Ok(bytes)) => this.rest = bytes,
                end => return Poll::Ready(end),
            }
        }
        let next = this.rest.len().min(SLICE);
        Poll::Ready(Some(Ok(this.rest.split_to(next))))
    }
}

/// A connection that does not wait for ever.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    requests: Requests,
    /// When bytes last went out, or began to wait.
    moved: Instant,
    /// Whether bytes wait to go out.
    blocked: bool,
    /// Whether there may be more to read than was taken.
    more: bool,
    clock: Pin<Box<Sleep>>,
}

impl Connection {
    /// Watches over a connection that was just made.
    pub fn new(stream: TcpStream) -> Self {
        // What cannot be set stays as the system has it; the connection works without.
        let _ = stream.set_nodelay(true);
        #[cfg(target_os = "linux")]
        {
            let socket = SockRef::from(&stream);
            let _ = socket.set_tcp_notsent_lowat(WAITING);
            // The system goes on sending what it took after we have closed; not for ever either.
            let _ = socket.set_tcp_user_timeout(Some(2 * PATIENCE));
        }
        Self {
            stream,
            requests: Requests::default(),
            moved: Instant::now(),
            blocked: false,
            more: false,
            clock: Box::pin(sleep(LOOK)),
        }
    }

    /// Where its requests are counted while they are answered.
    pub fn requests(&self) -> Requests {
        self.requests.clone()
    }

    /// Reads a little of what there is.
    fn read(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.blocked {
            return Poll::Pending;
        }
        if std::mem::take(&mut self.more) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut bytes = [const { MaybeUninit::uninit() }; TAKEN];
        let most = TAKEN.min(buffer.remaining());
        let mut taken = ReadBuf::uninit(&mut bytes[..most]);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut taken))?;
        self.more = taken.remaining() == 0;
        buffer.put_slice(taken.filled());
        Poll::Ready(Ok(()))
    }

    /// Fails when it was kept waiting too long; else wakes again to look.
    fn waited(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        while self.clock.as_mut().poll(context).is_ready() {
            // Handlers have limits of their own.
            let Known { answering, spent } = &*self.requests.0;
            let waits = self.blocked || answering.get() == 0;
            if waits && (spent.get() || self.moved.elapsed() >= PATIENCE) {
                if self.blocked {
                    // Nobody takes what is left: it is thrown away.
                    let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
                }
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.clock.as_mut().reset(Instant::now() + LOOK);
        }
        Ok(())
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let read = this.read(context, buffer);
        if read.is_pending() {
            // Bytes that trickled in are no reason to wait longer.
            this.waited(context)?;
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        if written.is_ready() || !this.blocked {
            this.moved = Instant::now();
        }
        this.blocked = written.is_pending();
        if this.blocked {
            this.waited(context)?;
        }
        written
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::to_bytes;
    use std::future::poll_fn;

    #[actix_web::test]
    async fn long_answers_are_handed_over_in_slices() {
        let whole: Bytes = (0..200_000).map(|place| place as u8).collect();
        let mut sliced = Slices::of(BoxBody::new(whole.clone()));
        assert_eq!(sliced.size(), BodySize::Sized(200_000));
        let mut got = Vec::new();
        while let Some(slice) = poll_fn(|context| Pin::new(&mut sliced).poll_next(context)).await {
            let slice = slice.unwrap_or_default();
            assert!((1..=SLICE).contains(&slice.len()));
            got.extend_from_slice(&slice);
        }
        assert_eq!(got, whole);
        let short = Slices::of(BoxBody::new(whole.slice(..SLICE)));
        assert_eq!(to_bytes(short).await.ok(), Some(whole.slice(..SLICE)));
    }

    #[test]
    fn requests_are_counted_while_they_are_answered() {
        let requests = Requests::default();
        let (one, other) = (requests.answering(), requests.answering());
        drop(one);
        assert_eq!(requests.0.answering.get(), 1);
        other.spent();
        drop(other);
        assert_eq!(requests.0.answering.get(), 0);
        assert!(requests.0.spent.get());
    }
}
