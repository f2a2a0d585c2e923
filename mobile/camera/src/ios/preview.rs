//! What the person sees: the camera's picture in a view below the web view, which lets it shine through.
//!
//! On the main thread. Says how large the view is and how the interface lies; what is cut from frames follows from that. The web
//! view is put back as it was found, colours that follow the dark mode included.

use super::{device, frames::Port, guarded, rig::Capture};
use crate::{Error, Generation, view_port};
use objc2::{
    ClassType, DefinedClass, MainThreadMarker, MainThreadOnly, define_class, msg_send,
    rc::Retained,
    runtime::{AnyClass, NSObjectProtocol},
};
use objc2_av_foundation::{AVCaptureVideoPreviewLayer, AVLayerVideoGravityResizeAspectFill};
use objc2_core_foundation::CGRect;
use objc2_ui_kit::{UIColor, UIScrollView, UIView, UIViewAutoresizing};
use std::{cell::RefCell, sync::PoisonError};

thread_local! {
    /// The main thread's.
    static SHOWN: RefCell<Option<Shown>> = const { RefCell::new(None) };
}

struct Shown {
    generation: Generation,
    view: Retained<Preview>,
    web_view: WebView,
}

/// The web view, and how it was before it became transparent.
struct WebView {
    view: Retained<UIView>,
    opaque: bool,
    colours: Vec<(Retained<UIView>, Option<Retained<UIColor>>)>,
}

define_class!(
    // SAFETY: a view that overrides what may be overridden, and calls `super` where it must; it does not implement `Drop`.
    #[unsafe(super(UIView))]
    #[thread_kind = MainThreadOnly]
    #[ivars = Port]
    struct Preview;

    // SAFETY: NSObjectProtocol has no requirements.
    unsafe impl NSObjectProtocol for Preview {}

    impl Preview {
        /// The view's own layer shows the camera, so its frame follows the view's without anybody's doing.
        #[unsafe(method(layerClass))]
        fn layer_class() -> &'static AnyClass {
            AVCaptureVideoPreviewLayer::class()
        }

        #[unsafe(method(layoutSubviews))]
        fn laid_out(&self) {
            // SAFETY: the method of the superclass.
            let () = unsafe { msg_send![super(self), layoutSubviews] };
            guarded("laying the preview out", || self.refresh());
        }
    }
);

impl Preview {
    fn new(frame: CGRect, port: Port, main: MainThreadMarker) -> Retained<Self> {
        let view = Self::alloc(main).set_ivars(port);
        // SAFETY: UIView's `initWithFrame:`.
        unsafe { msg_send![super(view), initWithFrame: frame] }
    }

    fn picture(&self) -> Option<Retained<AVCaptureVideoPreviewLayer>> {
        self.layer().downcast().ok()
    }

    /// Reads the view port from the view, and turns the picture as the interface lies.
    fn refresh(&self) {
        let Some(scene) = self.window().and_then(|window| window.windowScene()) else { return };
        #[expect(deprecated, reason = "what replaces it came with iOS 16")]
        let rotation = view_port::rotation_of(scene.interfaceOrientation().0);
        let size = self.bounds().size;
        let mut port = self.ivars().lock().unwrap_or_else(PoisonError::into_inner);
        (port.rotation, port.width, port.height) = (rotation, size.width, size.height);
        drop(port);
        // SAFETY: a question about a layer of our own.
        if let Some(connection) = self.picture().and_then(|picture| unsafe { picture.connection() }) {
            device::turn(&connection, rotation);
        }
    }
}

/// Below `web_view` from now on, for `generation`.
pub(super) fn show(
    web_view: &UIView,
    capture: &Capture,
    generation: Generation,
    port: Port,
    main: MainThreadMarker,
) -> Result<(), Error> {
    remove(None);
    let above = web_view.superview().ok_or(Error::Unavailable)?;
    let view = Preview::new(web_view.frame(), port, main);
    view.setAutoresizingMask(UIViewAutoresizing::FlexibleWidth | UIViewAutoresizing::FlexibleHeight);
    // What is cut at the edges is dark, not a part of the page.
    view.setBackgroundColor(Some(&UIColor::blackColor()));
    let picture = view.picture().ok_or(Error::Unsupported)?;
    // SAFETY: a constant of the framework; the session is used by its queue alone but for this, which the framework allows.
    unsafe {
        if let Some(fill) = AVLayerVideoGravityResizeAspectFill {
            picture.setVideoGravity(fill);
        }
        picture.setSession(Some(capture.get()));
    }
    above.insertSubview_belowSubview(&view, web_view);
    view.refresh();
    let web_view = WebView::made_transparent(web_view);
    SHOWN.set(Some(Shown { generation, view, web_view }));
    Ok(())
}

/// As often as anybody wants to know how the view lies.
pub(super) fn refresh() {
    SHOWN.with_borrow(|shown| {
        if let Some(shown) = shown {
            shown.view.refresh();
        }
    });
}

/// The preview of `generation`, or whatever is shown. Nothing happens where nothing is.
pub(super) fn remove(generation: Option<Generation>) {
    let shown = SHOWN.with_borrow_mut(|shown| {
        shown.take_if(|shown| generation.is_none_or(|generation| shown.generation == generation))
    });
    let Some(shown) = shown else { return };
    shown.web_view.put_back();
    shown.view.removeFromSuperview();
    if let Some(picture) = shown.view.picture() {
        // SAFETY: the layer lets go of the session.
        unsafe { picture.setSession(None) };
    }
}

impl WebView {
    fn made_transparent(view: &UIView) -> Self {
        let view: Retained<UIView> = view.into();
        // SAFETY: a `WKWebView` has one, and it is a view.
        let scroll: Option<Retained<UIScrollView>> = unsafe { msg_send![&*view, scrollView] };
        let parts = [Some(view.clone()), scroll.map(Retained::into_super)];
        let colours = parts.into_iter().flatten().map(|part| {
            let colour = part.backgroundColor();
            part.setBackgroundColor(Some(&UIColor::clearColor()));
            (part, colour)
        });
        let colours = colours.collect();
        let opaque = view.isOpaque();
        view.setOpaque(false);
        WebView { view, opaque, colours }
    }

    fn put_back(self) {
        self.view.setOpaque(self.opaque);
        for (part, colour) in self.colours {
            part.setBackgroundColor(colour.as_deref());
        }
    }
}
