// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import android.util.Rational;
import org.jspecify.annotations.NonNull;

public final class ViewPort {
    public static final int FILL_CENTER = 1;
    public static final int FILL_END = 2;
    public static final int FILL_START = 0;
    public static final int FIT = 3;

    private ViewPort() {}

    public @NonNull Rational getAspectRatio() {
        throw new UnsupportedOperationException();
    }

    public int getLayoutDirection() {
        throw new UnsupportedOperationException();
    }

    public int getRotation() {
        throw new UnsupportedOperationException();
    }

    public int getScaleType() {
        throw new UnsupportedOperationException();
    }

    public static final class Builder {
        public Builder(@NonNull Rational rational, int value1) {
            throw new UnsupportedOperationException();
        }

        public @NonNull ViewPort build() {
            throw new UnsupportedOperationException();
        }

        public ViewPort.@NonNull Builder setLayoutDirection(int value) {
            throw new UnsupportedOperationException();
        }

        public ViewPort.@NonNull Builder setScaleType(int value) {
            throw new UnsupportedOperationException();
        }
    }
}
