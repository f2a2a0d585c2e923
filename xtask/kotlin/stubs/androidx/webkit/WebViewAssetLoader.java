// A stub, written by hand from the public API of androidx.webkit 1.14: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.webkit;

import android.content.Context;
import android.net.Uri;
import android.webkit.WebResourceResponse;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

public final class WebViewAssetLoader {
    private WebViewAssetLoader() {}

    public @Nullable WebResourceResponse shouldInterceptRequest(@NonNull Uri uri) {
        throw new UnsupportedOperationException();
    }

    public static final class AssetsPathHandler implements WebViewAssetLoader.PathHandler {
        public AssetsPathHandler(@NonNull Context context) {
            throw new UnsupportedOperationException();
        }

        public @Nullable WebResourceResponse handle(@NonNull String string) {
            throw new UnsupportedOperationException();
        }
    }

    public static final class Builder {
        public Builder() {
            throw new UnsupportedOperationException();
        }

        public WebViewAssetLoader.@NonNull Builder addPathHandler(@NonNull String string, WebViewAssetLoader.@NonNull PathHandler pathHandler) {
            throw new UnsupportedOperationException();
        }

        public @NonNull WebViewAssetLoader build() {
            throw new UnsupportedOperationException();
        }

        public WebViewAssetLoader.@NonNull Builder setDomain(@NonNull String string) {
            throw new UnsupportedOperationException();
        }
    }

    public interface PathHandler {
        @Nullable WebResourceResponse handle(@NonNull String string);
    }
}
