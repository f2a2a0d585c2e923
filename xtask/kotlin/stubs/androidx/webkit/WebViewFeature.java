// A stub, written by hand from the public API of androidx.webkit 1.14: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.webkit;

import org.jspecify.annotations.NonNull;

public class WebViewFeature {
    public static final @NonNull String DOCUMENT_START_SCRIPT = "DOCUMENT_START_SCRIPT";

    private WebViewFeature() {}

    public static boolean isFeatureSupported(@NonNull String string) {
        throw new UnsupportedOperationException();
    }
}
