package io.coord.spring.autoconfigure;

/** {@link CoordConnectionDetails} from {@code coord.connect-string}. */
record PropertiesCoordConnectionDetails(String connectString) implements CoordConnectionDetails {

    @Override
    public String getConnectString() {
        return connectString;
    }
}
