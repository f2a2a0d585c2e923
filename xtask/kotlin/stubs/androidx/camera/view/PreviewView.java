// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.view;

import android.content.Context;
import android.graphics.Bitmap;
import android.util.AttributeSet;
import android.widget.FrameLayout;
import androidx.camera.core.MeteringPointFactory;
import androidx.camera.core.Preview;
import androidx.camera.core.ViewPort;
import androidx.lifecycle.LiveData;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

public final class PreviewView extends FrameLayout {
    public PreviewView(@NonNull Context context) {
        throw new UnsupportedOperationException();
    }

    public PreviewView(@NonNull Context context, @Nullable AttributeSet attributeSet) {
        throw new UnsupportedOperationException();
    }

    public PreviewView(@NonNull Context context, @Nullable AttributeSet attributeSet, int value2) {
        throw new UnsupportedOperationException();
    }

    public PreviewView(@NonNull Context context, @Nullable AttributeSet attributeSet, int value2, int value3) {
        throw new UnsupportedOperationException();
    }

    public @Nullable Bitmap getBitmap() {
        throw new UnsupportedOperationException();
    }

    public PreviewView.@NonNull ImplementationMode getImplementationMode() {
        throw new UnsupportedOperationException();
    }

    public @NonNull MeteringPointFactory getMeteringPointFactory() {
        throw new UnsupportedOperationException();
    }

    public @NonNull LiveData<PreviewView.StreamState> getPreviewStreamState() {
        throw new UnsupportedOperationException();
    }

    public PreviewView.@NonNull ScaleType getScaleType() {
        throw new UnsupportedOperationException();
    }

    public Preview.@NonNull SurfaceProvider getSurfaceProvider() {
        throw new UnsupportedOperationException();
    }

    public @Nullable ViewPort getViewPort() {
        throw new UnsupportedOperationException();
    }

    public @Nullable ViewPort getViewPort(int value) {
        throw new UnsupportedOperationException();
    }

    public void setImplementationMode(PreviewView.@NonNull ImplementationMode implementationMode) {
        throw new UnsupportedOperationException();
    }

    public void setScaleType(PreviewView.@NonNull ScaleType scaleType) {
        throw new UnsupportedOperationException();
    }

    public enum ImplementationMode {
        PERFORMANCE,
        COMPATIBLE,
        ;
    }

    public enum ScaleType {
        FILL_START,
        FILL_CENTER,
        FILL_END,
        FIT_START,
        FIT_CENTER,
        FIT_END,
        ;
    }

    public enum StreamState {
        IDLE,
        STREAMING,
        ;
    }
}
