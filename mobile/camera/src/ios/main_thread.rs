//! The way to the main thread and the web view on it, with a limit to every wait. Knows what Tauri is, so that no other part here
//! has to.

use super::guarded;
use crate::Error;
use objc2::{MainThreadMarker, rc::Retained};
use objc2_ui_kit::UIView;
use std::{
    sync::{Arc, mpsc},
    time::Duration,
};
use tauri::{AppHandle, Manager, Runtime};

/// The main thread of an app that answers is free within milliseconds.
const FREE: Duration = Duration::from_secs(5);

type Task = Box<dyn FnOnce(MainThreadMarker) + Send>;
type WebViewTask = Box<dyn FnOnce(Retained<UIView>, MainThreadMarker) + Send>;

#[derive(Clone)]
pub(super) struct MainThread(Arc<dyn Reach>);

trait Reach: Send + Sync {
    fn post(&self, task: Task) -> tauri::Result<()>;
    fn post_to_web_view(&self, task: WebViewTask) -> tauri::Result<()>;
}

impl MainThread {
    pub fn of<R: Runtime>(app: AppHandle<R>) -> Self {
        MainThread(Arc::new(app))
    }

    /// Soon, and whether or not anybody waits.
    pub fn post(&self, doing: &'static str, task: impl FnOnce(MainThreadMarker) + Send + 'static) {
        let posted = self.0.post(Box::new(move |main| guarded(doing, || task(main))));
        if let Err(error) = posted {
            tracing::error!(%error, doing, "the main thread cannot be reached");
        }
    }

    /// What `task` gives. A task that was given up may still run later, before everything that is posted after it.
    pub fn ask<T: Send + 'static>(
        &self,
        doing: &'static str,
        task: impl FnOnce(MainThreadMarker) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.post(doing, move |main| drop(answer.send(task(main))));
        wait(doing, &answered)
    }

    /// As [`MainThread::ask`], with the app's web view.
    pub fn ask_web_view<T: Send + 'static>(
        &self,
        doing: &'static str,
        task: impl FnOnce(&UIView, MainThreadMarker) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = mpsc::sync_channel(1);
        let posted = self.0.post_to_web_view(Box::new(move |web_view, main| {
            guarded(doing, || drop(answer.send(task(&web_view, main))));
        }));
        posted.map_err(|error| {
            tracing::error!(%error, doing, "the web view cannot be reached");
            Error::Unavailable
        })?;
        wait(doing, &answered)
    }
}

fn wait<T>(doing: &'static str, answered: &mpsc::Receiver<T>) -> Result<T, Error> {
    answered.recv_timeout(FREE).map_err(|error| {
        tracing::error!(%error, doing, "no answer from the main thread");
        Error::Unavailable
    })
}

impl<R: Runtime> Reach for AppHandle<R> {
    fn post(&self, task: Task) -> tauri::Result<()> {
        self.run_on_main_thread(move || match MainThreadMarker::new() {
            Some(main) => task(main),
            None => tracing::error!("the main thread is another one"),
        })
    }

    fn post_to_web_view(&self, task: WebViewTask) -> tauri::Result<()> {
        // An iPhone's app has one.
        let web_view = self.webview_windows().into_values().next().ok_or(tauri::Error::WebviewNotFound)?;
        web_view.with_webview(move |web_view| {
            let Some(main) = MainThreadMarker::new() else { return tracing::error!("the main thread is another one") };
            // SAFETY: a `WKWebView` is a `UIView`, alive while Tauri hands it to a task on the main thread, and retained here.
            match unsafe { Retained::retain(web_view.inner().cast::<UIView>()) } {
                Some(web_view) => task(web_view, main),
                None => tracing::error!("a web view that is none"),
            }
        })
    }
}
