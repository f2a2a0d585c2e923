// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core.resolutionselector;

import org.jspecify.annotations.NonNull;

public final class AspectRatioStrategy {
    public static final int FALLBACK_RULE_AUTO = 1;
    public static final int FALLBACK_RULE_NONE = 0;
    public static final @NonNull AspectRatioStrategy RATIO_16_9_FALLBACK_AUTO_STRATEGY = null;
    public static final @NonNull AspectRatioStrategy RATIO_4_3_FALLBACK_AUTO_STRATEGY = null;

    public AspectRatioStrategy(int value, int value1) {
        throw new UnsupportedOperationException();
    }

    public int getFallbackRule() {
        throw new UnsupportedOperationException();
    }

    public int getPreferredAspectRatio() {
        throw new UnsupportedOperationException();
    }
}
