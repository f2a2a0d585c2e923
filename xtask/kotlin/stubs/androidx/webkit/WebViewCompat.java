// A stub, written by hand from the public API of androidx.webkit 1.14: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.webkit;

import android.webkit.WebView;
import java.util.Set;
import org.jspecify.annotations.NonNull;

public class WebViewCompat {
    private WebViewCompat() {}

    public static @NonNull ScriptHandler addDocumentStartJavaScript(@NonNull WebView webView, @NonNull String string, @NonNull Set<String> set) {
        throw new UnsupportedOperationException();
    }
}
