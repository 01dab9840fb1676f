# The Debian packages. Times inside are those of the last entry of the changelog, so that equal trees give equal packages.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME blindfold)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_CONTACT "The blindfold maintainers <maintainers@blindfold.example>")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program models)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME blindfold)
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION
"get application dossiers ready for blind review
Finds the applicant's own name on every page of a dossier of scanned or
photographed attachments, in every form that it may take, masks it in the
JPEG's own coefficients, proves the result, and writes packages that
reviewers may have, reports, and an audit record. What is not proved is held
for a person.")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS
  "blindfold-models (= ${PROJECT_VERSION}), tesseract-ocr-chi-sim, tesseract-ocr-uig, tesseract-ocr-eng")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "fonts-noto-cjk")

set(CPACK_DEBIAN_MODELS_PACKAGE_NAME blindfold-models)
set(CPACK_DEBIAN_MODELS_DESCRIPTION
"readers of blindfold: text detection and recognition
The PP-OCRv4 models that find and read lines of Chinese and Latin text, and
the ONNX Runtime library on which they run.")
set(CPACK_DEBIAN_MODELS_PACKAGE_DEPENDS "libc6, libstdc++6")

foreach(component program models)
  string(TOUPPER ${component} COMPONENT)
  set(name ${CPACK_DEBIAN_${COMPONENT}_PACKAGE_NAME})
  set(doc ${CMAKE_CURRENT_BINARY_DIR}/doc/${name})
  file(MAKE_DIRECTORY ${doc})
  configure_file(debian/copyright ${doc}/copyright COPYONLY)
  configure_file(debian/changelog.in ${doc}/changelog @ONLY)
  find_program(GZIP gzip REQUIRED)
  execute_process(COMMAND ${GZIP} -9nf ${doc}/changelog)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/debian/${name}.lintian-overrides)
    install(FILES debian/${name}.lintian-overrides DESTINATION share/lintian/overrides RENAME ${name} COMPONENT ${component})
  endif()
  install(FILES ${doc}/copyright ${doc}/changelog.gz DESTINATION share/doc/${name} COMPONENT ${component})
endforeach()
include(CPack)
