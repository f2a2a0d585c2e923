//! An empty sheet over the app's windows while it is not in front, so that the app switcher shows nothing of them.

use block2::RcBlock;
use objc2::{
    MainThreadMarker, MainThreadOnly,
    rc::Retained,
    runtime::{NSObjectProtocol, ProtocolObject},
};
use objc2_foundation::{NSNotification, NSNotificationCenter, NSNotificationName};
use objc2_ui_kit::{
    UIApplication, UIApplicationDidBecomeActiveNotification, UIApplicationWillResignActiveNotification, UIColor,
    UIView, UIViewAutoresizing, UIWindow, UIWindowScene,
};
use std::{cell::RefCell, ptr::NonNull};

/// How the sheet is found again.
const TAG: isize = 0x466f_6c69;

type Observer = Retained<ProtocolObject<dyn NSObjectProtocol>>;

thread_local! {
    /// The main thread's, for as long as the app runs.
    static OBSERVERS: RefCell<Vec<Observer>> = const { RefCell::new(Vec::new()) };
}

/// From now on.
pub(super) fn while_away(_: MainThreadMarker) {
    // SAFETY: the framework's constants; reading them has no other effect.
    let (leaves, returns) =
        unsafe { (UIApplicationWillResignActiveNotification, UIApplicationDidBecomeActiveNotification) };
    OBSERVERS.set(vec![observe(leaves, cover), observe(returns, uncover)]);
}

fn observe(name: &NSNotificationName, then: fn(MainThreadMarker)) -> Observer {
    let block = RcBlock::new(move |_: NonNull<NSNotification>| {
        // UIKit posts these on the main thread, and without a queue they arrive where they are posted.
        if let Some(main) = MainThreadMarker::new() {
            then(main);
        }
    });
    // SAFETY: no object and no queue are asked for; the block holds a function and can be sent anywhere.
    unsafe {
        NSNotificationCenter::defaultCenter().addObserverForName_object_queue_usingBlock(Some(name), None, None, &block)
    }
}

fn cover(main: MainThreadMarker) {
    for window in windows(main) {
        if window.viewWithTag(TAG).is_none() {
            let sheet = UIView::initWithFrame(UIView::alloc(main), window.bounds());
            sheet.setTag(TAG);
            sheet.setBackgroundColor(Some(&UIColor::systemBackgroundColor()));
            sheet.setAutoresizingMask(UIViewAutoresizing::FlexibleWidth | UIViewAutoresizing::FlexibleHeight);
            window.addSubview(&sheet);
        }
    }
}

fn uncover(main: MainThreadMarker) {
    for window in windows(main) {
        if let Some(sheet) = window.viewWithTag(TAG) {
            sheet.removeFromSuperview();
        }
    }
}

fn windows(main: MainThreadMarker) -> Vec<Retained<UIWindow>> {
    let scenes = UIApplication::sharedApplication(main).connectedScenes().to_vec();
    let scenes = scenes.into_iter().filter_map(|scene| scene.downcast::<UIWindowScene>().ok());
    scenes.flat_map(|scene| scene.windows().to_vec()).collect()
}
