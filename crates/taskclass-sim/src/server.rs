//! The simulator behind a real HTTP listener, with a clock that can be sped up. The only module that knows a socket, a
//! thread or a clock.

#![expect(clippy::disallowed_methods, reason = "the module that listens, and reads the clock for the core")]

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::{self, UnboundedSender};

use crate::message::{Outcome, Request, Response};
use crate::scenario::Scenario;
use crate::sim::Sim;

/// The largest body that is read.
const MOST_BYTES: usize = 4 << 20;

/// A clock that runs `speed` times as fast as the real one from the moment it is made.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    real: Instant,
    start: Timestamp,
    speed: f64,
}

impl Clock {
    /// A clock that begins now, at the real time. A speed that is no positive number counts as 1.
    #[must_use]
    pub fn start(speed: f64) -> Self {
        let speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
        Self { real: Instant::now(), start: Timestamp::now(), speed }
    }

    /// Its time: `start + (real - start) * speed`.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let passed = self.real.elapsed().as_secs_f64() * self.speed;
        let passed = SignedDuration::try_from_secs_f64(passed).unwrap_or(SignedDuration::MAX);
        self.start.checked_add(passed).unwrap_or(Timestamp::MAX)
    }

    /// How many times as fast as the real one.
    #[must_use]
    pub fn speed(&self) -> f64 {
        self.speed
    }
}

/// A running server. It serves from a thread of its own until it is shut down or dropped.
#[derive(Debug)]
pub struct Server {
    addr: SocketAddr,
    clock: Clock,
    sim: Arc<Mutex<Sim>>,
    end: UnboundedSender<io::Result<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Server {
    /// Listens at `addr` (`127.0.0.1:0` for any free port) and serves the scenario, `speed` times as fast as real time.
    ///
    /// # Errors
    /// The address cannot be listened at, or no thread can be started.
    pub fn start(addr: &str, scenario: &Scenario, seed: u64, speed: f64) -> io::Result<Self> {
        let listener = TcpListener::bind(addr)?;
        Self::serve(listener, Sim::new(scenario, seed), Clock::start(speed))
    }

    /// Serves a simulation at a listener that is there already.
    ///
    /// # Errors
    /// The listener cannot be used, or no thread can be started.
    pub fn serve(listener: TcpListener, sim: Sim, clock: Clock) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let sim = Arc::new(Mutex::new(sim));
        let (end, mut ended) = mpsc::unbounded_channel();
        let (shared, failed) = (Arc::clone(&sim), end.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let work = move || {
            runtime.block_on(async {
                let accepting = tokio::spawn(async move {
                    let Err(error) = accept(listener, shared, clock).await;
                    // It fails only where the server has ended already.
                    let _ = failed.send(Err(error));
                });
                let how = ended.recv().await.unwrap_or(Ok(()));
                accepting.abort();
                how
            })
        };
        let thread = std::thread::Builder::new().name("taskclass-sim".to_owned()).spawn(work)?;
        Ok(Self { addr, clock, sim, end, thread: Some(thread) })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address as a base URL, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The simulated time, with what `/_sim/advance` has added.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let ahead = self.lock().ahead();
        self.clock.now().checked_add(ahead).unwrap_or(Timestamp::MAX)
    }

    /// Does something with the simulation between two requests, when it has come to the present moment.
    pub fn with_sim<T>(&self, action: impl FnOnce(&mut Sim) -> T) -> T {
        let mut sim = self.lock();
        sim.advance(self.clock.now());
        action(&mut sim)
    }

    /// Waits until it ends by itself, which is when its listener fails.
    ///
    /// # Errors
    /// Why it ended.
    pub fn wait(mut self) -> io::Result<()> {
        self.join()
    }

    /// Stops listening, drops all connections and waits for the thread.
    ///
    /// # Errors
    /// Why it had ended before.
    pub fn shutdown(mut self) -> io::Result<()> {
        self.stop()
    }

    fn lock(&self) -> MutexGuard<'_, Sim> {
        self.sim.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&mut self) -> io::Result<()> {
        // It fails only where the thread has ended already.
        let _ = self.end.send(Ok(()));
        self.join()
    }

    fn join(&mut self) -> io::Result<()> {
        match self.thread.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(result)) => result,
            Some(Err(_)) => Err(io::Error::other("the simulator's thread has panicked")),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nobody is left to hear of it.
        let _ = self.stop();
    }
}

/// Takes connections for as long as it can.
async fn accept(listener: TcpListener, sim: Arc<Mutex<Sim>>, clock: Clock) -> Result<Infallible, io::Error> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = match listener.accept().await {
            // The client was gone before we came to it.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
            accepted => accepted?,
        };
        let sim = Arc::clone(&sim);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(Arc::clone(&sim), clock, request));
            // A connection that breaks is the client's concern; one that is to be dropped ends here as an error.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// The connection is to be closed without a byte of a response.
#[derive(Debug, thiserror::Error)]
#[error("the scenario drops this connection")]
struct DropConnection;

async fn answer(
    sim: Arc<Mutex<Sim>>,
    clock: Clock,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, DropConnection> {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MOST_BYTES).collect().await else {
        return Ok(plain(413));
    };
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    let mut received = Request::new(head.method.as_str(), target);
    received.body = body.to_bytes().to_vec();
    for (name, value) in &head.headers {
        received.headers.push((name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    }
    let outcome = sim.lock().unwrap_or_else(PoisonError::into_inner).handle(&received, clock.now());
    match outcome {
        Outcome::Respond(response) => Ok(to_hyper(response)),
        // The connection's own end takes this future with it.
        Outcome::Dropped { held: true, .. } => std::future::pending().await,
        Outcome::Dropped { held: false, .. } => Err(DropConnection),
    }
}

fn to_hyper(response: Response) -> hyper::Response<Full<Bytes>> {
    let mut builder = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        builder = builder.header(name.as_str(), value.as_str());
    }
    builder.body(Full::new(Bytes::from(response.body))).unwrap_or_else(|_| plain(500))
}

fn plain(status: u16) -> hyper::Response<Full<Bytes>> {
    let mut response = hyper::Response::new(Full::new(Bytes::new()));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    response
}
