// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core.resolutionselector;

import android.util.Size;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

public final class ResolutionStrategy {
    public static final int FALLBACK_RULE_CLOSEST_HIGHER = 2;
    public static final int FALLBACK_RULE_CLOSEST_HIGHER_THEN_LOWER = 1;
    public static final int FALLBACK_RULE_CLOSEST_LOWER = 4;
    public static final int FALLBACK_RULE_CLOSEST_LOWER_THEN_HIGHER = 3;
    public static final int FALLBACK_RULE_NONE = 0;
    public static final @NonNull ResolutionStrategy HIGHEST_AVAILABLE_STRATEGY = null;

    public ResolutionStrategy(@NonNull Size size, int value1) {
        throw new UnsupportedOperationException();
    }

    public @Nullable Size getBoundSize() {
        throw new UnsupportedOperationException();
    }

    public int getFallbackRule() {
        throw new UnsupportedOperationException();
    }
}
