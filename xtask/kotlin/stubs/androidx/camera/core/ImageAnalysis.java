// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import android.graphics.Matrix;
import android.util.Size;
import androidx.camera.core.resolutionselector.ResolutionSelector;
import java.util.concurrent.Executor;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

public final class ImageAnalysis extends UseCase {
    public static final int COORDINATE_SYSTEM_ORIGINAL = 0;
    public static final int COORDINATE_SYSTEM_SENSOR = 2;
    public static final int COORDINATE_SYSTEM_VIEW_REFERENCED = 1;
    public static final int OUTPUT_IMAGE_FORMAT_NV21 = 3;
    public static final int OUTPUT_IMAGE_FORMAT_RGBA_8888 = 2;
    public static final int OUTPUT_IMAGE_FORMAT_YUV_420_888 = 1;
    public static final int STRATEGY_BLOCK_PRODUCER = 1;
    public static final int STRATEGY_KEEP_ONLY_LATEST = 0;

    private ImageAnalysis() {}

    public void clearAnalyzer() {
        throw new UnsupportedOperationException();
    }

    public int getBackpressureStrategy() {
        throw new UnsupportedOperationException();
    }

    public int getImageQueueDepth() {
        throw new UnsupportedOperationException();
    }

    public int getOutputImageFormat() {
        throw new UnsupportedOperationException();
    }

    public @Nullable ResolutionInfo getResolutionInfo() {
        throw new UnsupportedOperationException();
    }

    public @Nullable ResolutionSelector getResolutionSelector() {
        throw new UnsupportedOperationException();
    }

    public int getTargetRotation() {
        throw new UnsupportedOperationException();
    }

    public boolean isOutputImageRotationEnabled() {
        throw new UnsupportedOperationException();
    }

    public void setAnalyzer(@NonNull Executor executor, ImageAnalysis.@NonNull Analyzer analyzer) {
        throw new UnsupportedOperationException();
    }

    public void setTargetRotation(int value) {
        throw new UnsupportedOperationException();
    }

    public interface Analyzer {
        void analyze(@NonNull ImageProxy imageProxy);

        default @Nullable Size getDefaultTargetResolution() {
            throw new UnsupportedOperationException();
        }

        default int getTargetCoordinateSystem() {
            throw new UnsupportedOperationException();
        }

        default void updateTransform(@Nullable Matrix matrix) {
            throw new UnsupportedOperationException();
        }
    }

    public static final class Builder implements ExtendableBuilder<ImageAnalysis> {
        public Builder() {
            throw new UnsupportedOperationException();
        }

        public @NonNull ImageAnalysis build() {
            throw new UnsupportedOperationException();
        }

        public ImageAnalysis.@NonNull Builder setBackgroundExecutor(@NonNull Executor executor) {
            throw new UnsupportedOperationException();
        }

        public ImageAnalysis.@NonNull Builder setBackpressureStrategy(int value) {
            throw new UnsupportedOperationException();
        }

        public ImageAnalysis.@NonNull Builder setImageQueueDepth(int value) {
            throw new UnsupportedOperationException();
        }

        public ImageAnalysis.@NonNull Builder setOutputImageFormat(int value) {
            throw new UnsupportedOperationException();
        }

        public ImageAnalysis.@NonNull Builder setOutputImageRotationEnabled(boolean value) {
            throw new UnsupportedOperationException();
        }

        public ImageAnalysis.@NonNull Builder setResolutionSelector(@NonNull ResolutionSelector resolutionSelector) {
            throw new UnsupportedOperationException();
        }

        @Deprecated
        public ImageAnalysis.@NonNull Builder setTargetAspectRatio(int value) {
            throw new UnsupportedOperationException();
        }

        public ImageAnalysis.@NonNull Builder setTargetName(@NonNull String string) {
            throw new UnsupportedOperationException();
        }

        @Deprecated
        public ImageAnalysis.@NonNull Builder setTargetResolution(@NonNull Size size) {
            throw new UnsupportedOperationException();
        }

        public ImageAnalysis.@NonNull Builder setTargetRotation(int value) {
            throw new UnsupportedOperationException();
        }
    }
}
