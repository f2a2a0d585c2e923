// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import android.util.Range;
import android.util.Size;
import androidx.camera.core.resolutionselector.ResolutionSelector;
import java.util.concurrent.Executor;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

public final class Preview extends UseCase {
    private Preview() {}

    public @Nullable ResolutionInfo getResolutionInfo() {
        throw new UnsupportedOperationException();
    }

    public @Nullable ResolutionSelector getResolutionSelector() {
        throw new UnsupportedOperationException();
    }

    public int getTargetRotation() {
        throw new UnsupportedOperationException();
    }

    public void setSurfaceProvider(Preview.@Nullable SurfaceProvider surfaceProvider) {
        throw new UnsupportedOperationException();
    }

    public void setSurfaceProvider(@NonNull Executor executor, Preview.@Nullable SurfaceProvider surfaceProvider) {
        throw new UnsupportedOperationException();
    }

    public void setTargetRotation(int value) {
        throw new UnsupportedOperationException();
    }

    public static final class Builder implements ExtendableBuilder<Preview> {
        public Builder() {
            throw new UnsupportedOperationException();
        }

        public @NonNull Preview build() {
            throw new UnsupportedOperationException();
        }

        public Preview.@NonNull Builder setResolutionSelector(@NonNull ResolutionSelector resolutionSelector) {
            throw new UnsupportedOperationException();
        }

        @Deprecated
        public Preview.@NonNull Builder setTargetAspectRatio(int value) {
            throw new UnsupportedOperationException();
        }

        public Preview.@NonNull Builder setTargetFrameRate(@NonNull Range<Integer> range) {
            throw new UnsupportedOperationException();
        }

        public Preview.@NonNull Builder setTargetName(@NonNull String string) {
            throw new UnsupportedOperationException();
        }

        @Deprecated
        public Preview.@NonNull Builder setTargetResolution(@NonNull Size size) {
            throw new UnsupportedOperationException();
        }

        public Preview.@NonNull Builder setTargetRotation(int value) {
            throw new UnsupportedOperationException();
        }
    }

    public interface SurfaceProvider {
        void onSurfaceRequested(@NonNull SurfaceRequest surfaceRequest);
    }
}
