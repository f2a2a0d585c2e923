// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core.resolutionselector;

import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

public final class ResolutionSelector {
    public static final int PREFER_CAPTURE_RATE_OVER_HIGHER_RESOLUTION = 0;
    public static final int PREFER_HIGHER_RESOLUTION_OVER_CAPTURE_RATE = 1;

    private ResolutionSelector() {}

    public int getAllowedResolutionMode() {
        throw new UnsupportedOperationException();
    }

    public @NonNull AspectRatioStrategy getAspectRatioStrategy() {
        throw new UnsupportedOperationException();
    }

    public @Nullable ResolutionFilter getResolutionFilter() {
        throw new UnsupportedOperationException();
    }

    public @Nullable ResolutionStrategy getResolutionStrategy() {
        throw new UnsupportedOperationException();
    }

    public static final class Builder {
        public Builder() {
            throw new UnsupportedOperationException();
        }

        public @NonNull ResolutionSelector build() {
            throw new UnsupportedOperationException();
        }

        public ResolutionSelector.@NonNull Builder setAllowedResolutionMode(int value) {
            throw new UnsupportedOperationException();
        }

        public ResolutionSelector.@NonNull Builder setAspectRatioStrategy(@NonNull AspectRatioStrategy aspectRatioStrategy) {
            throw new UnsupportedOperationException();
        }

        public ResolutionSelector.@NonNull Builder setResolutionFilter(@NonNull ResolutionFilter resolutionFilter) {
            throw new UnsupportedOperationException();
        }

        public ResolutionSelector.@NonNull Builder setResolutionStrategy(@NonNull ResolutionStrategy resolutionStrategy) {
            throw new UnsupportedOperationException();
        }
    }
}
